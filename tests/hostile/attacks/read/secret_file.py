# Read a file of the judge's: hidden scenarios, say.
# none: won
# sandboxed: lost
def attack(world):
    with world.builtins.open(world.secret) as file:
        return file.read()
