# Look for descriptors that the judge left open.
# none: lost
# sandboxed: lost
def attack(world):
    for number in range(3, 256):
        try:
            world.os.fstat(number)
        except OSError:
            continue
        return f"descriptor {number}"
    raise LookupError("none")
