"""Workers on other machines: a Dask cluster, which notices by itself that a worker has died."""

from __future__ import annotations

import uuid
from collections.abc import Generator, Sequence
from typing import Any, Generic, TypeVar

from stepdown.scenarios.errors import RunError
from stepdown.simulation.replicate import Task, Work
from stepdown.simulation.software import differences, software

try:
    from distributed import CancelledError, Client, KilledWorker, as_completed
    from distributed.comm.core import CommClosedError
except ImportError:
    raise RunError("a cluster needs more packages. Install them with: pip install 'stepdown[cluster]'") from None

Made = TypeVar("Made")

PATIENCE = 30
"""Seconds in which a scheduler has to answer, and to have a worker; all may just have been started."""


class ClusterWorkers(Generic[Made]):
    """Carries tasks out on the workers of a Dask scheduler; use it within ``with``.

    Parameters
    ----------
    work
        What is done for each task. It goes to the cluster once, and from worker to worker.
    address
        Where the scheduler listens, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    RunError
        If no scheduler answers, if it has no workers, or if workers have other software than this machine.
    """

    pool = None
    """There are no processes on this machine for other work."""

    def __init__(self, work: Work[Made], address: str) -> None:
        self._address = address
        try:
            self._client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, TimeoutError, ValueError, ImportError):  # a name of a wrong form, or of another protocol
            raise RunError(
                f"no scheduler answers at {address}. Start one with 'dask scheduler' and name the address that it says"
            ) from None
        try:
            self._refuse_other_software()
            self._work = self._client.submit(_same, work, key=f"stepdown-work-{uuid.uuid4()}")
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> ClusterWorkers[Made]:
        """Be connected already."""
        return self

    def __exit__(self, *error: object) -> None:
        """Leave the cluster as it was found."""
        self._client.close()

    def carry_out(self, tasks: Sequence[Task]) -> Generator[tuple[Task, Made], None, None]:
        """Yield each task with what was made of it; see `stepdown.simulation.replicate.Workers`.

        If all workers have gone it waits for others, because clusters grow and shrink.
        """
        run = f"stepdown-{uuid.uuid4()}"
        keys = {f"{run}-{number}": task for number, task in enumerate(tasks)}
        futures = self._client.map(_carry_out, tasks, key=list(keys), work=self._work, expected=software())
        finished = as_completed(futures, loop=self._client.loop, with_results=True)
        try:
            del futures  # what has been fetched need not be kept on the cluster
            for future, made in finished:
                if isinstance(made, CancelledError):  # it is handed over, not raised
                    raise made
                yield keys.pop(future.key), made
        except KilledWorker as error:
            raise RunError(
                f"workers of the cluster died again and again ({error.last_worker.address} last); memory may have run "
                "out. Give them more, or keep the tables of fewer runs with --detail"
            ) from None
        except (CancelledError, CommClosedError) as error:
            raise RunError(f"the scheduler at {self._address} has given up the work or gone away: {error}") from None
        finally:
            if keys:
                self._client.cancel(list(finished.futures), force=True)

    def _refuse_other_software(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
            found = self._client.run(_software_there)
        except TimeoutError:
            raise RunError(
                f"the scheduler at {self._address} has no workers. Start some with 'dask worker {self._address}'"
            ) from None
        except (ImportError, AttributeError):
            raise RunError("the workers of the cluster have no stepdown, or another one. Install this one") from None
        for address, there in found.items():
            _refuse_differences(address, there)


def _software_there() -> dict[str, str]:
    return software()


def _refuse_differences(address: str, there: dict[str, str]) -> None:
    said = differences(software(), there)
    if said:
        raise RunError(
            f"the worker {address} has other software, so that its results could differ: {'; '.join(said)}. "
            "Install the same everywhere"
        )


def _same(work: Work[Made]) -> Work[Made]:
    return work


def _carry_out(task: Task, work: Work[Made], expected: dict[str, str]) -> Any:
    # A worker that came later than the others has not been asked for its software yet.
    said = differences(expected, software())
    if said:
        raise RunError(f"a worker that joined the cluster has other software: {'; '.join(said)}")
    return work(task)
