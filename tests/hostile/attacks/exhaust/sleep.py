# Sleep.
# none: misbehaved
# sandboxed: lost or misbehaved
def attack(world):
    world.load("time").sleep(1000)
    return "slept"
