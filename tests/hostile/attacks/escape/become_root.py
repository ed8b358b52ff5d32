# Become root again.
# none: won or lost
# sandboxed: lost
def attack(world):
    world.os.setresuid(0, 0, 0)
    return "root"
