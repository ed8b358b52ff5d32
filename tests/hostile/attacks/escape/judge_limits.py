# Change the limits of the judge.
# none: won
# sandboxed: lost
def attack(world):
    held = bytearray(16)
    buffer = (world.ctypes.c_char * 16).from_buffer(held)
    world.syscall("prlimit64", world.judge, 7, None, buffer)
    return str(bytes(held))
