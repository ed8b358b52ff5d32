# Ask for one attribute after another without end.
# none: misbehaved
# sandboxed: misbehaved
def attack(world):
    while True:
        world.os.write(1, b'["read","mm","works",1]\n')
        world.os.read(0, 1 << 16)
