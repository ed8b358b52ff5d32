# Find memory shared with others.
# none: won
# sandboxed: lost
def attack(world):
    return str(world.os.memfd_create("x"))
