# Stop the kernel in the middle of a copy.
# none: won or lost
# sandboxed: lost
def attack(world):
    return str(world.syscall("userfaultfd", 1))
