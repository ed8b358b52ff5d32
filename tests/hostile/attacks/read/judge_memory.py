# Open the memory of the judge.
# none: won
# sandboxed: lost
def attack(world):
    world.os.open(f"/proc/{world.judge}/mem", world.os.O_RDONLY)
    return "opened"
