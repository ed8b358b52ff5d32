"""The machine that runs programs step by step: tasks, what they wait for, what happened; and what a scenario is."""
