"""The messages for all that makes a policy no policy: what came, what was expected, the likely cause, the correction.

Each module is imported when there is something of its kind to say; `functions` also finds it.
"""
