"""A run as data: steps, schedules that can be pasted, narration in words, versioned JSON."""
