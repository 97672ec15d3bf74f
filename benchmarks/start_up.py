"""User CPU of `audit --help` and of `audit check` on one script, as multiples of a bare Python start.

    python benchmarks/start_up.py [--runs 15]

Medians over runs that take turns, so that a change in the machine's speed meets all alike. Linux only.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

SCRIPT = (
    "Hello, you're through to Ana, how can I help you today? I will look at your order with you and we will find it.\n"
)


def user_seconds(command: list[str]) -> float:
    """User CPU seconds of COMMAND."""
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=quiet)
    _, status, used = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return used.ru_utime


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.md"
        script.write_text(SCRIPT, encoding="utf-8")
        audit = str(Path(sys.executable).parent / "audit")
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "audit --help": [audit, "--help"],
            "audit check SCRIPT": [audit, "check", str(script)],
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(told.runs):
            for name, command in commands.items():
                taken[name].append(user_seconds(command))
    bare = statistics.median(taken["python -c pass"])
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        print(f"{name:20} {1000 * middle:7.1f} ms user CPU (median of {told.runs}), {middle / bare:.1f} times bare")


if __name__ == "__main__":
    main()
