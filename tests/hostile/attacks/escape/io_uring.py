# Do system calls through a ring, past the filter.
# none: won or lost
# sandboxed: lost
def attack(world):
    return str(world.syscall("io_uring_setup", 1, bytes(120)))
