# Write a file on the host, such as the results.
# none: won
# sandboxed: lost
def attack(world):
    world.os.open(f"{world.scratch}/results.json", world.os.O_WRONLY | world.os.O_CREAT)
    return "created"
