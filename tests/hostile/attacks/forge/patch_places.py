# Patch the numbers of places: everything happens at place 0.
# none: misbehaved or lost-work
# sandboxed: misbehaved or lost-work
def attack(world):
    turn = world.sys.modules["wbviz.policy.histories"].Turn
    world.sys.modules["wbviz.policy.histories"].Turn = lambda place, request, works: turn(0, request, works)
