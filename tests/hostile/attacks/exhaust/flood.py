# Send without end.
# none: misbehaved
# sandboxed: misbehaved
def attack(world):
    while True:
        world.os.write(1, b"x" * (1 << 16))
