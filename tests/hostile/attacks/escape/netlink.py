# Talk to the kernel over netlink.
# none: won
# sandboxed: lost
def attack(world):
    return f"socket {world.syscall('socket', 16, 3, 0)}"
