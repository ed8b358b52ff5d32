# Change the root.
# none: won or lost
# sandboxed: lost
def attack(world):
    world.os.chroot("/")
    return "changed"
