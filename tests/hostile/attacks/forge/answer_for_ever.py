# Take over: answer every question oneself.
# none: lost-work
# sandboxed: lost-work
def attack(world):
    while True:
        world.os.write(1, b'["return",0,[],true]\n')
        world.os.read(0, 1 << 16)
