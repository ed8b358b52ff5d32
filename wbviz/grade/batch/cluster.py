"""The same jobs on a Dask cluster: the same function, the same bytes back, wherever it runs.

`distributed` is an optional dependency: `pip install wbviz[class]`, or what requirements.txt pins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeVar

from wbviz import __version__
from wbviz.errors import UsageError

RETRIES = 3
_START = """\
PYTHONPATH=. dask scheduler --host 10.0.0.1                                  # on one machine, in the checkout
PYTHONPATH=. dask worker tcp://10.0.0.1:8786 --nthreads 1 --nworkers=-1      # on each, in the checkout"""


class Keyed(Protocol):
    """A job of which the cluster may know no more than this key."""

    @property
    def slug(self) -> str: ...


J = TypeVar("J", bound=Keyed)
R = TypeVar("R")


def run_cluster(address: str, jobs: Iterable[J], work: Callable[[J], R], died: Callable[[J, str], R]) -> Iterator[R]:
    """The results of `work` for each job, as they come, from the cluster whose scheduler has this address.

    A job whose worker dies is moved to another; after some deaths it is given up with `died(job, why)`. UsageError if
    `distributed` is not installed, nobody answers, or the workers are of another version or run several threads.
    """
    client = _client(address)
    try:
        yield from _run(client, iter(jobs), work, died)
    finally:
        client.close()


def _run(client: Any, jobs: Iterator[J], work: Callable[[J], R], died: Callable[[J, str], R]) -> Iterator[R]:
    from distributed import as_completed

    pending: dict[Any, J] = {}
    completed: Any = as_completed(loop=client.loop)  # type: ignore[no-untyped-call]

    def fill() -> None:
        room = 2 * max(1, len(client.scheduler_info(n_workers=-1)["workers"])) + 2 - len(pending)
        for _ in range(room):
            job = next(jobs, None)
            if job is None:
                return
            future = client.submit(work, job, key=f"wbviz-{job.slug}", pure=False, retries=RETRIES)
            pending[future] = job
            completed.add(future)

    fill()
    while pending:
        future = next(completed)
        job = pending.pop(future)
        error = future.exception() if future.status == "error" else None
        if error is not None:
            result = died(job, f"the cluster gave it up: {type(error).__name__}: {error}")
        elif future.status == "cancelled":
            raise _lost(client.scheduler.address)
        else:
            result = future.result()
        future.release()
        fill()
        yield result


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "--dask needs the package distributed, and it is not installed",
            expected="distributed, here and on every worker",
            fix="python -m pip install -r requirements.txt      # or: pip install 'wbviz[class]'",
        ) from None
    if not re.fullmatch(r"(\w+://)?[^/\s]+:\d+/?", address):
        raise _nobody(address, "no address of a scheduler")
    try:
        client: Any = Client(address, timeout="10s", set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise _nobody(address, str(error).splitlines()[0] if str(error) else type(error).__name__) from None
    try:
        _fit(client, address)
    except BaseException:
        client.close()
        raise
    return client


def _fit(client: Any, address: str) -> None:
    """Raises UsageError unless there are workers, each with one thread and this very version of wbviz."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    start = f"PYTHONPATH=. dask worker {address} --nthreads 1 --nworkers=-1      # in the checkout"
    if not workers:
        raise UsageError(f"the cluster at {address} has no workers", expected="at least one", fix=start)
    threads = max(worker["nthreads"] for worker in workers.values())
    if threads != 1:
        raise UsageError(
            f"a worker at {address} runs {threads} threads",
            expected="one thread a worker: each grading needs a process of its own",
            fix=start,
        )
    try:
        versions = {str(client.run_on_scheduler(_version)), *map(str, client.run(_version).values())}
    except Exception as error:  # whatever is raised there comes back as its class, or as a bare Exception
        raise UsageError(
            f"the scheduler or the workers at {address} cannot import wbviz",
            came=str(error).splitlines()[0] if str(error) else type(error).__name__,
            expected="the same checkout on every machine, where Python finds it",
            fix=_START,
        ) from None
    if versions != {__version__}:
        raise UsageError(
            "the cluster has another version of wbviz",
            came=", ".join(sorted(versions)),
            expected=__version__,
            fix="install the same checkout on every machine, and start scheduler and workers again",
        )


def _version() -> str:
    from wbviz import __version__ as there

    return there


def _nobody(address: str, came: str) -> UsageError:
    return UsageError(
        f"no Dask scheduler answers at {address}",
        came=came,
        expected="the address that `dask scheduler` printed, such as tcp://10.0.0.1:8786",
        fix=_START,
    )


def _lost(address: str) -> UsageError:
    return UsageError(
        f"the scheduler at {address} has gone",
        expected="a scheduler that runs until the class is graded",
        fix="start it again, and then the same command: what was finished is kept",
    )
