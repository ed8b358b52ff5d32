# Wait for a message that never comes.
# none: unjudged
# sandboxed: unjudged
def attack(world):
    world.os.read(0, 1)
