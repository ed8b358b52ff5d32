# Sleep.
# none: unjudged
# sandboxed: lost
def attack(world):
    world.load("time").sleep(1000)
    return "slept"
