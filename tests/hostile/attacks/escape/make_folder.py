# Make a folder on the host.
# none: won
# sandboxed: lost
def attack(world):
    world.os.mkdir(f"{world.scratch}/folder")
    return "made"
