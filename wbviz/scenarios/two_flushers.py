"""What a second flusher on the same queue changes in the table of verdicts, and why.

With one flusher, whoever waits for a work waits for that flusher. If the flusher itself waits for a work behind the
one it runs, the cycle goes through the queue. A second flusher takes that work and opens the cycle. A cycle of tasks
and page locks alone does not care how many flushers there are. And as many works in front as there are flushers bring
the deadlock back: a second flusher cures the case, not the policy.
"""

CHANGED = {
    (
        "random-order",
        "lock_at_enqueue",
    ): "the writer waits for the lock that travels with the second work; the other flusher takes that work",
    (
        "sync-ahead",
        "lock_at_enqueue",
    ): "the flusher in the sync waits for a lock in the queue behind it; the other one takes the work that has it",
    (
        "final-iput",
        "lock_at_enqueue",
    ): "the flusher that truncates waits for a lock in the queue; the other one takes the work that has it",
    (
        "iput-in-flusher",
        "igrab_at_enqueue",
    ): "the eviction waits for a sync work in the evicting flusher's own queue; the other one runs it",
    (
        "full-queue",
        "spin_when_full",
    ): "the flusher in the sync waits for a page that kswapd locks until there is room; the other one makes room",
}
"""By scenario and policy: a deadlock with one flusher, safe with two, and the reason. All other rows stay."""
