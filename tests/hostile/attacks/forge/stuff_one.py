# Answer the question oneself, and let the real answer be the unasked one.
# none: lost-work or misbehaved
# sandboxed: lost-work or misbehaved
def attack(world):
    world.os.write(1, b'["return",0,[],true]\n')
