# List the folder of the submissions, and read somebody else's.
# none: won
# sandboxed: lost
def attack(world):
    names = world.os.listdir(world.submissions)
    with world.builtins.open(f"{world.submissions}/other.py") as file:
        return f"{names} {file.read()}"
