"""How fast each format is read: megabytes a CPU second, beside json.loads or csv on the same bytes.

    python benchmarks/reading.py FORMATS_FOLDER [--size MB]

Each sample in FORMATS_FOLDER is made SIZE megabytes long by repeating the largest list in it (or its lines), with the
times of the sample, and read from bytes to conversations; then the same bytes are only parsed. Prints the factor, the
peak memory of a Transcribe-shaped file of 66 MB, and the CPU seconds of a workbook of 100,000 rows.
"""

import argparse
import csv
import gc
import io
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from audit.ingest.readers import read, reader_for
from audit.ingest.source import Rejected, Source

WORDS = [
    "hello",
    "thank",
    "you",
    "for",
    "calling",
    "my",
    "order",
    "has",
    "not",
    "arrived",
    "yet",
    "and",
    "i",
    "need",
    "it",
    "by",
    "friday",
    "please",
    "let",
    "me",
    "check",
    "that",
]


def cpu(task: Any, times: int = 3) -> float:
    """The least CPU seconds that TASK takes of TIMES tries."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        task()
        best = min(best, time.process_time() - start)
    return best


def longest(value: Any) -> list[Any] | None:
    """The list in VALUE, at any depth, that holds most text; lists inside lists are left as they are."""
    found: list[list[Any]] = []

    def look(each: Any) -> None:
        if isinstance(each, dict):
            for inner in each.values():
                look(inner)
        elif isinstance(each, list) and each and isinstance(each[0], dict):
            found.append(each)

    look(value)
    return max(found, key=lambda each: len(json.dumps(each)), default=None)


def enlarged(data: bytes, size: int) -> bytes | None:
    """DATA made about SIZE bytes long, None where it does not hold a list to repeat."""
    times = max(1, size // len(data))
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except ValueError:
        return data + (b"\n" + data.removeprefix(b"WEBVTT").lstrip()) * times
    held = told if isinstance(told, list) else longest(told)
    if held is None:
        return None
    held *= times
    return json.dumps(told).encode()


def table(rows: int) -> list[list[str]]:
    """A table of ROWS utterances in calls of twenty."""
    pick = random.Random(1)
    head = ["conversation_id", "role", "speaker", "start", "message"]
    lines = [
        [
            f"{row // 20:07}",
            ("agent", "customer")[row % 2],
            ("Ana", "Kim")[row % 2],
            f"{row % 20 * 4}.5",
            " ".join(pick.choices(WORDS, k=12)),
        ]
        for row in range(rows)
    ]
    return [head, *lines]


def report(name: str, data: bytes, plain: Any) -> None:
    """Print how fast DATA is read, and how much faster PLAIN parsing would be."""
    source = Source(name, data)
    try:
        reader = reader_for(source).NAME
    except Rejected as fault:
        print(f"{name:55} not read: {fault.code}")
        return
    bad = [each.reason for each in read(Source(name, data)) if isinstance(each, Rejected)]
    took, bare = cpu(lambda: list(read(Source(name, data)))), cpu(plain)
    size = len(data) / 1e6
    note = f"  ({len(bad)} rejected: {bad[0][:60]})" if bad else ""
    print(
        f"{reader:15} {name[:38]:38} {size:6.1f} MB  {size / took:7.1f} MB/s  plain {size / bare:7.1f} MB/s  {took / bare:5.2f} times{note}"
    )


def parse(data: bytes) -> Any:
    """What a plain parser needs for DATA."""
    try:
        json.loads(data.decode("utf-8-sig"))
        return lambda: json.loads(data)
    except ValueError:
        return lambda: list(csv.reader(io.StringIO(data.decode("utf-8", "replace"), newline=""), delimiter="\t"))


def transcribe(size: int) -> bytes:
    """A result of Amazon Transcribe of SIZE bytes, with speakers and words."""
    items, segments = [], []
    at, length = 0.0, 0
    pick = random.Random(2)
    while length < size:
        speaker, begun, spoken = f"spk_{len(segments) % 2}", at, []
        for word in pick.choices(WORDS, k=12):
            times = {"start_time": f"{at:.2f}", "end_time": f"{at + 0.3:.2f}"}
            items.append({**times, "type": "pronunciation", "alternatives": [{"confidence": "0.998", "content": word}]})
            spoken.append({**times, "speaker_label": speaker})
            at += 0.35
        items.append({"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": "."}]})
        segments.append(
            {"start_time": f"{begun:.2f}", "end_time": f"{at:.2f}", "speaker_label": speaker, "items": spoken}
        )
        length += 12 * 210
    told = {
        "jobName": "job",
        "results": {
            "transcripts": [{"transcript": ""}],
            "speaker_labels": {"speakers": 2, "segments": segments},
            "items": items,
        },
    }
    return json.dumps(told).encode()


def large(what: str) -> None:
    """Read one large file in this process, which is measured by the one that started it."""
    path = Path(sys.argv[-1])
    start = time.process_time()
    made = list(read(Source(path.name, path.read_bytes())))
    turns = sum(len(each.turns) for each in made)
    peak = next(
        int(line.split()[1]) / 1024 for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line
    )
    print(
        f"{what}: {path.stat().st_size / 1e6:.1f} MB, {turns:,} turns, {time.process_time() - start:.2f} CPU s, peak {peak:.0f} MB"
    )


def main() -> None:
    """Print the figures."""
    if len(sys.argv) > 2 and sys.argv[1] == "--large":
        large(sys.argv[2])
        return
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("formats", type=Path)
    options.add_argument("--size", type=float, default=2.0, metavar="MB")
    told = options.parse_args()
    # As in a run: the collector need not look through what stays.
    gc.freeze()
    gc.set_threshold(100_000)
    size = int(told.size * 1e6)
    for path in sorted(told.formats.rglob("*.*")):
        if (
            path.suffix != ".md"
            and "schema" not in path.name
            and (data := enlarged(path.read_bytes(), size)) is not None
        ):
            report(path.relative_to(told.formats).as_posix(), data, parse(data))
    rows = table(int(size / 90))
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    text = out.getvalue()
    report("rows.csv", text.encode(), lambda: list(csv.reader(io.StringIO(text, newline=""))))
    lines = b"".join(json.dumps(dict(zip(rows[0], row, strict=True))).encode() + b"\n" for row in rows[1:])
    report("rows.jsonl", lines, lambda: [json.loads(line) for line in lines.splitlines()])
    talks: dict[str, list[dict[str, str]]] = {}
    for row in rows[1:]:
        talks.setdefault(row[0], []).append({"speaker": row[1], "text": row[4], "time": float(row[3])})
    own = b"".join(json.dumps({"id": key, "turns": turns}).encode() + b"\n" for key, turns in talks.items())
    report("own.jsonl", own, lambda: [json.loads(line) for line in own.splitlines()])
    _large_files()


def _large_files() -> None:
    import tempfile

    import xlsxwriter

    with tempfile.TemporaryDirectory() as folder:
        job = Path(folder) / "job.json"
        job.write_bytes(transcribe(66_000_000))
        sheet = Path(folder) / "rows.xlsx"
        book = xlsxwriter.Workbook(str(sheet))
        page = book.add_worksheet()
        for line, row in enumerate(table(100_000)):
            page.write_row(line, 0, row)
        book.close()
        for what, path in (("Transcribe", job), ("XLSX of 100,000 rows", sheet)):
            subprocess.run([sys.executable, __file__, "--large", what, str(path)], check=True)


if __name__ == "__main__":
    main()
