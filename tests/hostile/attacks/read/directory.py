# List the root of the file system.
# none: won
# sandboxed: lost
def attack(world):
    return str(world.os.listdir("/"))
