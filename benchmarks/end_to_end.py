"""Speed and memory of `audit run` on real chats, repeated under new ids.

    python benchmarks/end_to_end.py CORPUS_DIR [--conversations 10000 100000] [--jobs 1 2] [--html] [--distinct]

Prints conversations a CPU second, wall time and peak memory of the whole process. --distinct gives every turn a number
of its own, so that nothing remembered of an earlier text can help; --html adds a run with pages and prints the time
they add. Linux only (it reads the kernel's account of finished children).
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def write(corpus: Path, number: int, path: Path, distinct: bool) -> None:
    """Write NUMBER conversations of the *.jsonl files in CORPUS to PATH, repeated under new ids."""
    talks = [
        json.loads(line) for file in sorted(corpus.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()
    ]
    if not talks:
        sys.exit(f"no conversations in {corpus}/*.jsonl")
    with path.open("w", encoding="utf-8") as out:
        for place in range(number):
            talk = dict(talks[place % len(talks)])
            talk["id"] = f"{talk['id']}-{place // len(talks)}"
            if distinct:
                talk["turns"] = [
                    {**turn, "text": f"{turn['text']} {place}.{n}"} for n, turn in enumerate(talk["turns"])
                ]
            out.write(json.dumps(talk) + "\n")


def measure(source: Path, out: Path, jobs: int, formats: str) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak megabytes (of the largest process) of one run."""
    command = [
        sys.executable,
        "-m",
        "audit",
        "run",
        str(source),
        "--out",
        str(out),
        "--format",
        formats,
        "--jobs",
        str(jobs),
        "-q",
    ]
    begun = time.perf_counter()
    pid = os.posix_spawn(
        command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    )
    _, status, used = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"audit run failed: {subprocess.run(command, capture_output=True, text=True).stderr}")
    return used.ru_utime + used.ru_stime, time.perf_counter() - begun, used.ru_maxrss / 1024


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--conversations", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--html", action="store_true")
    parser.add_argument("--distinct", action="store_true")
    told = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(
        f"{'conversations':>13} {'jobs':>4} {'formats':>9} {'CPU s':>7} {'wall s':>7} {'conv/CPU s':>10} {'peak MB':>8}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for number in told.conversations:
            source = Path(folder) / f"{number}.jsonl"
            write(told.corpus, number, source, told.distinct)
            plain = 0.0
            for formats, jobs in [("json", jobs) for jobs in told.jobs] + [("html,json", 1)] * told.html:
                cpu, wall, peak = measure(source, Path(folder) / "out", jobs, formats)
                print(
                    f"{number:>13} {jobs:>4} {formats:>9} {cpu:>7.2f} {wall:>7.2f} {number / cpu:>10.0f} {peak:>8.1f}",
                    flush=True,
                )
                if formats == "json" and jobs == 1:
                    plain = cpu
                elif "html" in formats:
                    print(
                        f"{'':>13} HTML adds {cpu - plain:.2f} CPU s, {1000 * (cpu - plain) / number:.2f} ms a conversation"
                    )
            source.unlink()


if __name__ == "__main__":
    main()
