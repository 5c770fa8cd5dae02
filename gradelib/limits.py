"""How long a run may take, relative to this host.

Limits are in boots: one boot is the processor time in which the same QEMU
brings a kernel to its monitor. So a slow or busy host does not change a score.
"""

from __future__ import annotations

import threading
from typing import Callable, List

from gradelib.outcome import GraderError

FIRST_LOOK = 1.0  # processor seconds after which an unmeasured host is measured
FLOOR = 0.5  # processor seconds that every run may take
PATIENCE = 20.0  # wall seconds for each processor second, for a busy host
SLOWEST_BOOT = 60.0  # wall seconds after which a host is useless


class Limits:
    """Shared by all machines of a grader run."""

    def __init__(self, measure: Callable[[], float]) -> None:
        """`measure` boots a kernel that is known to work and returns its
        processor time; it is called only if no boot has succeeded yet."""
        self._measure = measure
        self._lock = threading.Lock()
        self._boots: List[float] = []

    def record(self, seconds: float) -> None:
        """Records the processor time of a boot to the monitor."""
        with self._lock:
            self._boots.append(seconds)

    def boot(self) -> float:
        """The processor time of one boot: the largest that was seen."""
        with self._lock:
            if not self._boots:
                self._boots.append(self._measure())
            return max(self._boots)

    def exceeded(self, boots: float, cpu: float, wall: float) -> bool:
        """Whether a run that has used `cpu` processor seconds and `wall`
        seconds is past its limit of `boots`.

        A host that gave it too little processor time to decide is no reason
        to fail a kernel.
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
