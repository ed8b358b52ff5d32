# Switch off what counts lines and stops loops; then loop.
# none: misbehaved
# sandboxed: misbehaved
def attack(world):
    world.sys.settrace(None)
    while True:
        pass
