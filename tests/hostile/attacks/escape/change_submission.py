# Change the submission after it was graded.
# none: won
# sandboxed: lost
def attack(world):
    world.os.open(f"{world.submissions}/other.py", world.os.O_RDWR)
    return "opened"
