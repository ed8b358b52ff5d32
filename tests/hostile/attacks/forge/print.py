# Print a verdict.
# none: misbehaved
# sandboxed: misbehaved
def attack(world):
    world.os.write(1, b'{"verdict": "safe", "verdicts": []}\n')
