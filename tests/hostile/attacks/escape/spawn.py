# Start another program beside this one.
# none: won or lost
# sandboxed: lost
def attack(world):
    world.os.posix_spawn("/bin/true", ["true"], {})
    return "started"
