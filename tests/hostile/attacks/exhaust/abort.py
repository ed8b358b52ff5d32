# Abort.
# none: misbehaved
# sandboxed: misbehaved
def attack(world):
    world.os.abort()
