"""Pieces of work spread over processes, with the results in the order of the pieces."""

import ctypes
import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import islice
from typing import Any, TypeVar

from audit.errors import Interrupted

_PR_SET_PDEATHSIG = 1
_Result = TypeVar("_Result")
# What all pieces need to know, told to each process once.
_plans: list[Any] = []


def spread(
    work: Callable[..., _Result], plan: Any, tasks: Sequence[tuple[Any, ...]], jobs: int, fork: bool
) -> Iterator[_Result]:
    """WORK(PLAN, *task) for each of TASKS, in their order, by JOBS processes.

    FORK shares what is loaded already with the processes, where the system can.
    """
    if jobs == 1 or len(tasks) <= 1:
        yield from (work(plan, *task) for task in tasks)
        return
    context = multiprocessing.get_context("fork" if sys.platform == "linux" and fork else "spawn")
    waiting = iter(tasks)
    pending: deque[tuple[tuple[Any, ...], Future[_Result]]] = deque()
    with ProcessPoolExecutor(min(jobs, len(tasks)), context, _take, (plan,)) as pool:
        while True:
            for task in islice(waiting, 2 * jobs - len(pending)):
                pending.append((task, pool.submit(_work, work, task)))
            if not pending:
                return
            task, future = pending.popleft()
            try:
                yield future.result()
            except (KeyboardInterrupt, Interrupted):
                for process in multiprocessing.active_children():
                    process.kill()
                raise
            except BrokenProcessPool:
                # A process was lost, most likely for want of memory: what it had not finished is done here, alone.
                yield from (work(plan, *left) for left in [task, *(other for other, _ in pending), *waiting])
                return


def _take(plan: Any) -> None:
    """Keep PLAN in this process. Where the system can, it ends when its parent does."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _plans[:] = [plan]


def _work(work: Callable[..., _Result], task: tuple[Any, ...]) -> _Result:
    return work(_plans[0], *task)
