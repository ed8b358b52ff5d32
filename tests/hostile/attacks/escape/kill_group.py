# Kill the process group.
# none: skip
# sandboxed: lost
def attack(world):
    world.os.killpg(0, 9)
    return "killed"
