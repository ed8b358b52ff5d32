# Find out whether a file exists.
# none: won
# sandboxed: lost
def attack(world):
    return str(world.os.stat(world.secret))
