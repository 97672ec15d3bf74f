"""All files of a report but the evaluations, which are written as they come."""

from collections.abc import Collection
from pathlib import Path

from audit.report import Look, Report
from audit.reports import folder


def write(report: Report, out: Path, formats: Collection[str], look: Look, evaluations: Path) -> None:
    """Write REPORT into OUT in each of FORMATS, and the manifest last."""
    if "json" in formats:
        from audit.reports import summary

        (out / "report.json").write_bytes(summary.render(report))
    if "csv" in formats:
        from audit.reports import results

        results.write(evaluations, out / "results.csv", dict(report.rules))
    if "xlsx" in formats:
        from audit.reports import workbook

        workbook.write(report, evaluations, out / "report.xlsx")
    if "markdown" in formats:
        from audit.reports import markdown

        markdown.write(report, out)
    if "html" in formats:
        from audit.reports import html

        html.draw(look, report, out)
    folder.write_manifest(
        out,
        {
            "rules": {"pack": report.pack_name, "version": report.pack_version, "sha256": report.digests["rules"]},
            "form": {"id": report.form.id, "sha256": report.digests["form"]},
        },
    )
