# Read the environment of the judge, which holds a secret.
# none: won
# sandboxed: lost
def attack(world):
    with world.builtins.open(f"/proc/{world.judge}/environ") as file:
        if "JUDGE_SECRET" in file.read():
            return "the secret"
    raise OSError("another process's environment")
