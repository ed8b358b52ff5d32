# Leave a process behind that outlives the judge.
# none: won or lost
# sandboxed: lost
def attack(world):
    if world.os.fork() == 0:
        world.os.setsid()
        if world.os.fork() == 0:
            world.load("time").sleep(5)
        world.os._exit(0)
    return "forked"
