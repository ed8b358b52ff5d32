# Replace the filter by one that allows everything.
# none: won or lost
# sandboxed: lost
def attack(world):
    allow_all = world.ctypes.create_string_buffer(b"\x06\0\0\0\0\0\xff\x7f", 8)
    program = world.load("struct").pack("HxxxxxxP", 1, world.ctypes.addressof(allow_all))
    world.syscall("seccomp", 1, 0, program)
    return "replaced"
