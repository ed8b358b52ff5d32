# Read the memory of the judge by system call.
# none: won
# sandboxed: lost
def attack(world):
    try:
        world.syscall("process_vm_readv", world.judge, None, 0, None, 0, 0)
    except OSError as error:
        if error.errno != 14:  # EFAULT: allowed, but for the address
            raise
    return "allowed"
