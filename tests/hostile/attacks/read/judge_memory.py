# Open the memory of the judge.
# none: won
# sandboxed: lost
def attack(world):
    world.os.open(f"/proc/{world.os.getppid()}/mem", world.os.O_RDONLY)
    return "opened"
