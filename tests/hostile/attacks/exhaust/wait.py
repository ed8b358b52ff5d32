# Wait for a message that never comes.
# none: misbehaved
# sandboxed: misbehaved
def attack(world):
    world.os.read(0, 1)
