# Answer this question and the next ten.
# none: lost-work or misbehaved
# sandboxed: lost-work or misbehaved
def attack(world):
    for place in range(10):
        world.os.write(1, b'["return",%d,[],true]\n' % place)
