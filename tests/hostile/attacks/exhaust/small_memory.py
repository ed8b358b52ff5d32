# Take all memory in small pieces.
# none: lost or policy-error or misbehaved
# sandboxed: lost or policy-error or misbehaved
def attack(world):
    held = []
    while True:
        held = [held, [held]] * 1000
