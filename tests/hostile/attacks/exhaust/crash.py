# Break the interpreter.
# none: misbehaved
# sandboxed: misbehaved
def attack(world):
    world.ctypes.string_at(0)
