"""Who runs beside the policy, and what is expected of which policy: from code, or from a file."""
