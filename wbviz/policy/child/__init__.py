"""The process that runs a policy for a judge: it says what the policy would do next, and decides nothing."""
