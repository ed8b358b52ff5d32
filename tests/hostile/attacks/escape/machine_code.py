# Get memory for machine code.
# none: won
# sandboxed: lost
def attack(world):
    read_write_execute, private_anonymous = 7, 0x22
    world.syscall("mmap", None, 4096, read_write_execute, private_anonymous, -1, 0)
    return "mapped"
