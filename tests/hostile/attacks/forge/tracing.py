# Switch off what counts lines and stops loops; then loop.
# none: unjudged
# sandboxed: unjudged
def attack(world):
    world.sys.settrace(None)
    while True:
        pass
