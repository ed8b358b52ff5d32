# Get a handle on the judge.
# none: won
# sandboxed: lost
def attack(world):
    return str(world.syscall("pidfd_open", world.judge, 0))
