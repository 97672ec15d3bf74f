"""Size and cost of the HTML report: agents with many contacts, made of real chats under new ids.

    python benchmarks/rendering.py CORPUS_DIR [--agents 40] [--contacts 250]

Prints CPU seconds and peak memory of a run without a report, with the report that is made when nothing else is said (of
so many contacts only those with evidence on an agent's page get one of their own) and with a page for every contact; then
the sizes of the pages: for contact pages what is left when the text of the transcript is taken away. Linux only.
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path


def write(corpus: Path, agents: int, contacts: int, path: Path) -> None:
    """Write AGENTS times CONTACTS talks of the *.jsonl files in CORPUS to PATH."""
    talks = [json.loads(line) for file in sorted(corpus.glob("*.jsonl")) for line in file.open(encoding="utf-8")]
    if not talks:
        sys.exit(f"no conversations in {corpus}/*.jsonl")
    with path.open("w", encoding="utf-8") as out:
        for place in range(agents * contacts):
            talk = dict(talks[place % len(talks)])
            talk.pop("participants", None)
            talk["id"] = f"{talk['id']}-{place}"
            talk["agent_id"] = f"agent {place % agents}"
            talk["turns"] = [
                {**turn, "speaker": turn.get("speaker") or turn.get("participant")} for turn in talk["turns"]
            ]
            out.write(json.dumps(talk) + "\n")


def measure(source: Path, out: Path, *more: str) -> tuple[float, float]:
    """CPU seconds and peak megabytes of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "audit", "run", str(source), "--out", str(out), "-q", *more]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--agents", type=int, default=40)
    parser.add_argument("--contacts", type=int, default=250)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "talks.jsonl", Path(folder) / "report"
        write(told.corpus, told.agents, told.contacts, source)
        judged, _ = measure(source, out, "--format", "json")
        usual, usual_peak = measure(source, out, "--format", "html")
        full, peak = measure(source, out, "--format", "html", "--contacts", "all")
        print(f"{told.agents} agents x {told.contacts} contacts: {judged:.1f} CPU s without a report")
        print(f"the usual report: {usual:.1f} CPU s, so {usual - judged:.1f} for it, and {usual_peak:.0f} MB")
        print(f"a page for every contact: {full:.1f} CPU s, so {full - judged:.1f} for them, and {peak:.0f} MB")
        for kind in ("agents", "contacts"):
            sizes = sorted(len(path.read_bytes()) for path in (out / kind).glob("*.html"))
            print(
                f"{kind}: {len(sizes)} pages, median {sizes[len(sizes) // 2] / 1000:.0f} kB, largest {sizes[-1] / 1000:.0f} kB"
            )
        bare_sizes = []
        for path in (out / "contacts").glob("*.html"):
            text = path.read_text("utf-8")
            words = sum(
                len(each.encode()) for each in re.findall(r'<span class="words"[^>]*>(.*?)</span></p>', text, re.DOTALL)
            )
            bare_sizes.append(len(text.encode()) - words)
        print(f"contacts without the text of the transcript: largest {max(bare_sizes) / 1000:.0f} kB")
        few = Path(folder) / "few.jsonl"
        write(told.corpus, 2, 40, few)
        measure(few, out, "--format", "html")
        sizes = [len(path.read_bytes()) for path in (out / "agents").glob("*.html")]
        print(f"an agent with 40 contacts: {max(sizes) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
