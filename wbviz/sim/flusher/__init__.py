"""The machine of the flusher lab: tasks that write files, one flusher with its lists and works, a disk.

run = simulate_flusher(Settings(pattern="append", rate=20), seed=1)
print(run.metrics)
"""

from wbviz.sim.flusher.machine import simulate_flusher
from wbviz.sim.flusher.record import Metrics, Run
from wbviz.sim.flusher.settings import PATTERNS, Settings

__all__ = ["PATTERNS", "Metrics", "Run", "Settings", "simulate_flusher"]
