# Make memory executable after it was written.
# none: won
# sandboxed: lost
def attack(world):
    mapped = world.syscall("mmap", None, 4096, 3, 0x22, -1, 0)
    world.syscall("mprotect", mapped, 4096, 5)
    return "executable"
