# Write to another descriptor than the pipe: an error message, say.
# none: won or lost
# sandboxed: lost
def attack(world):
    return str(world.os.write(2, b""))
