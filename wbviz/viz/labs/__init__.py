"""The labs: simulated machines with controls. In a notebook they run the simulator, in a static page they choose among
runs that the build has prepared, or run it in the page. book/design/labs.md says how and why.

    wbviz.lab("reclaim")
    wbviz.lab("reclaim", memory=1024, sequential=True, seed=7)

`widget` has the widget; what a run shows needs none, so that it also runs in a browser's Python.
"""
