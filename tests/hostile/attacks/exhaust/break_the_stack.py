# Recurse until the interpreter breaks.
# none: misbehaved or policy-error
# sandboxed: misbehaved or policy-error
def attack(world):
    world.sys.setrecursionlimit(10**8)
    held = []
    for _ in range(10**6):
        held = [held]
    repr(held)
