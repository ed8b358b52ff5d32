"""The machine of the reclaim lab: memory, tasks that want it, kswapd, a flusher and a disk, in simulated time.

run = simulate_reclaim(Settings(who="3.1", background=40, dirty=60), seed=1)
print(run.metrics)
"""

from wbviz.sim.reclaim.machine import simulate_reclaim
from wbviz.sim.reclaim.record import Metrics, Run
from wbviz.sim.reclaim.settings import WHO, Settings

__all__ = ["WHO", "Metrics", "Run", "Settings", "simulate_reclaim"]
