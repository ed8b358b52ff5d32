# Open a socket to the network.
# none: won
# sandboxed: lost
def attack(world):
    return f"socket {world.syscall('socket', 2, 1, 0)}"
