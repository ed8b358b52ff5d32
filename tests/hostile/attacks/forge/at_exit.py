# Say that all is well when the interpreter ends.
# none: lost-work or misbehaved
# sandboxed: lost-work or misbehaved
def attack(world):
    world.load("atexit").register(lambda: world.os.write(1, b'["return",0,[],true]\n'))
    world.load("atexit")._run_exitfuncs()
