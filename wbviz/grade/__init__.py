"""Exercises, rubrics, scores and the feedback that a student learns from."""
