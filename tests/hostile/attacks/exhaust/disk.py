# Fill the disk.
# none: lost or won
# sandboxed: lost
def attack(world):
    number = world.os.open(f"{world.scratch}/large", world.os.O_WRONLY | world.os.O_CREAT)
    return f"{world.os.write(number, bytes(1 << 20))} bytes written"
