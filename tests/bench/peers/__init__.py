"""A second judgement: the same scenarios for Spin and for Harmony, written from what they mean, not from our code."""
