# Mount something.
# none: skip
# sandboxed: lost
def attack(world):
    world.syscall("mount", b"none", world.scratch.encode(), b"tmpfs", 0, None)
    return "mounted"
