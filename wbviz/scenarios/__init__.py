"""Who runs beside the policy, what is expected, and the machine that runs them all."""
