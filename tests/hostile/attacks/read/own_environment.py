# The judge's environment, inherited.
# none: lost
# sandboxed: lost
def attack(world):
    held = set(world.os.environ) - {"PYTHONHASHSEED", "LC_CTYPE", "PWD"}
    if held:
        return str(held)
    raise LookupError("an empty environment")
