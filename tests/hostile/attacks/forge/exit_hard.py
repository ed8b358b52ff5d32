# End at once with status 0.
# none: misbehaved
# sandboxed: misbehaved
def attack(world):
    world.os._exit(0)
