# Send a pickle that would run a command.
# none: misbehaved
# sandboxed: misbehaved
def attack(world):
    world.os.write(1, b"cos\nsystem\n(S'true'\ntR.\n")
