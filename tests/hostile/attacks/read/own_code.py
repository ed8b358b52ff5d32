# Read the judge's code.
# none: lost
# sandboxed: lost
def attack(world):
    guard = world.sys.modules["wbviz.policy.guard"]
    with world.builtins.open(guard.__file__.replace("guard.py", "load.py")) as file:
        return file.read()[:40]
