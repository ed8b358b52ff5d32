# Start a thread that goes on between the turns.
# none: won or lost
# sandboxed: lost
def attack(world):
    world.load("_thread").start_new_thread(lambda: None, ())
    return "started"
