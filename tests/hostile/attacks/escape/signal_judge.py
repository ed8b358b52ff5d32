# Send the judge a signal: one that does nothing, for a start.
# none: won
# sandboxed: lost
def attack(world):
    world.os.kill(world.judge, 0)
    return "sent"
