# Kill every process that one may kill.
# none: skip
# sandboxed: lost
def attack(world):
    world.os.kill(-1, 9)
    return "killed"
