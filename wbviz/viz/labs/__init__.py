"""The labs: simulated machines with controls. In a notebook they run the simulator, in a static page they choose among
runs that the build has prepared. book/design/labs.md says how and why.

    wbviz.lab("reclaim")
    wbviz.lab("reclaim", memory=1024, sequential=True, seed=7)
"""

from wbviz.viz.labs.widget import Lab, lab

__all__ = ["Lab", "lab"]
