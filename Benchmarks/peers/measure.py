"""What one run cost, and the one JSON file that it leaves."""

import json
import resource
import sys
import time
from pathlib import Path


class Clock:
    """Seconds of named steps; the step "read" is not counted as linking."""

    def __init__(self):
        self.last = time.perf_counter()
        self.steps = {}
        self.processor_before = self._processor()

    @staticmethod
    def _processor():
        usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(used.ru_utime + used.ru_stime for used in usage)

    def lap(self, name):
        now = time.perf_counter()
        self.steps[f"{name}_seconds"] = round(now - self.last, 3)
        self.last = now
        if name == "read":
            self.processor_before = self._processor()

    def cost(self):
        """Call when the work is done and before it is evaluated."""
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
        linking = sum(seconds for name, seconds in self.steps.items() if name != "read_seconds")
        return (
            {"seconds": round(linking, 3), "processor_seconds": round(self._processor() - self.processor_before, 3)}
            | self.steps
            | {"peak_rss_mb": round(peak, 1)}
        )


def write(path, result):
    def plain(value):
        if hasattr(value, "item"):
            value = value.item()
        return round(value, 6) if isinstance(value, float) else value

    result = {key: plain(value) for key, value in result.items()}
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
