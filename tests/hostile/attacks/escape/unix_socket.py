# Open a socket to another process of this machine.
# none: won
# sandboxed: lost
def attack(world):
    return f"socket {world.syscall('socket', 1, 1, 0)}"
