"""From a trace to pixels.

`stage` plays traces and the game; `labs` are the simulated machines; `cells` is all else that the chapters show.
What they share stands here: the front end (`js/`, `assets`, the palette), the base of the widgets, questions.
"""
