# Answer oneself, then close the pipe.
# none: lost-work or misbehaved
# sandboxed: lost or lost-work or misbehaved
def attack(world):
    world.os.write(1, b'["return",0,[],true]\n')
    world.os.close(1)
