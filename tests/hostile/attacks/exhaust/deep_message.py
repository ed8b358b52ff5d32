# Send arrays in arrays in arrays.
# none: misbehaved
# sandboxed: misbehaved
def attack(world):
    world.os.write(1, b"[" * 60_000 + b"\n")
