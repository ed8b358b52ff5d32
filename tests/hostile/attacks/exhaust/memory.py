# Take all memory.
# none: lost or policy-error or misbehaved
# sandboxed: lost or policy-error or misbehaved
def attack(world):
    held = []
    while True:
        held.append(bytearray(1 << 24))
