# Load a program into the kernel.
# none: won or lost
# sandboxed: lost
def attack(world):
    return str(world.syscall("bpf", 0, bytes(72), 72))
