# Find out where the judge runs.
# none: won
# sandboxed: lost
def attack(world):
    return world.os.readlink("/proc/self/cwd")
