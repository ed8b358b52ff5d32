"""Explores every interleaving of a policy in a scenario, and says what it found."""
