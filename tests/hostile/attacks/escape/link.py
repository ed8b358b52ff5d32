# Make a link that the judge might follow.
# none: won
# sandboxed: lost
def attack(world):
    world.os.symlink(world.secret, f"{world.scratch}/link")
    return "linked"
