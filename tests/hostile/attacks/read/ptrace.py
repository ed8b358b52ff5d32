# Trace the judge.
# none: won
# sandboxed: lost
def attack(world):
    seize = 0x4206  # PTRACE_SEIZE: does not stop it
    world.syscall("ptrace", seize, world.judge, 0, 0)
    return "seized"
