# Let everybody write a file of the judge's.
# none: won
# sandboxed: lost
def attack(world):
    world.os.chmod(world.victim, 0o777)
    return "changed"
