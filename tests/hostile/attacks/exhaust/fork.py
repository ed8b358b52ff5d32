# Fork without end.
# none: skip
# sandboxed: lost
def attack(world):
    for _ in range(100_000):
        world.os.fork()
    return "forked"
