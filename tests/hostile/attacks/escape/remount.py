# Remount the root, to write on it.
# none: skip
# sandboxed: lost
def attack(world):
    remount_bind = 32 | 4096
    world.syscall("mount", None, b"/", None, remount_bind, None)
    return "remounted"
