# Make a user namespace, to be root in it.
# none: won or lost
# sandboxed: lost
def attack(world):
    world.syscall("unshare", 0x10000000)
    return "unshared"
