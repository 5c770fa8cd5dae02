"""How long a run may take, measured against this host.

Limits are in boots: the processor time that the same QEMU takes to bring a
kernel to its monitor. Neither a slow nor a busy host changes a score then.
"""

from __future__ import annotations

import threading
from typing import Callable, List

from gradelib.outcome import GraderError

FIRST_LOOK = 1.0  # processor seconds after which an unmeasured host is measured
FLOOR = 0.5  # processor seconds that any run may take
PATIENCE = 20.0  # wall seconds for each processor second, on a busy host
SLOWEST_BOOT = 60.0  # wall seconds after which a host is of no use


class Limits:
    """Shared by all machines of a grader run."""

    def __init__(self, measure: Callable[[], float]) -> None:
        """`measure` boots something that certainly works and returns its
        processor time; it is called only when no boot succeeded early."""
        self._measure = measure
        self._lock = threading.Lock()
        self._boots: List[float] = []

    def record(self, seconds: float) -> None:
        """A kernel reached its monitor in this processor time."""
        with self._lock:
            self._boots.append(seconds)

    def boot(self) -> float:
        """The processor time of one boot: the most that was seen."""
        with self._lock:
            if not self._boots:
                self._boots.append(self._measure())
            return max(self._boots)

    def exceeded(self, boots: float, cpu: float, wall: float) -> bool:
        """Whether a run that has taken `cpu` processor seconds and `wall`
        seconds is past its limit of `boots`.

        When the host gave it too little processor time to tell, nobody's
        kernel is to blame.
        """
        if cpu < FIRST_LOOK and wall < FIRST_LOOK * PATIENCE:
            return False
        limit = max(boots * self.boot(), FLOOR)
        if cpu > limit:
            return True
        if wall > max(limit * PATIENCE, SLOWEST_BOOT):
            raise GraderError("this host is too slow or too busy: a run got "
                              f"{cpu:.1f} s of its processors in {wall:.0f} s")
        return False
