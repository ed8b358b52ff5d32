# Remove a file of the judge's.
# none: won
# sandboxed: lost
def attack(world):
    world.os.unlink(world.victim)
    return "removed"
