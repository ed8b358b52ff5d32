# Become another program, which prints an answer.
# none: lost-work or misbehaved
# sandboxed: lost
def attack(world):
    world.os.execv("/bin/echo", ["echo", '["return",0,[],true]'])
