"""Reads what real kernels say: hung-task reports, dumps of sleeping tasks, traces of writeback.

In goes text as people have it; out come values: who sleeps where, who may wait for whom, what cannot be known.
"""
