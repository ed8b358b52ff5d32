# Patch the sender: whatever happens, all is well.
# none: lost-work
# sandboxed: lost-work
def attack(world):
    serve = world.sys.modules["wbviz.policy.child.serve"]
    serve.encoded = lambda turn: ("return", 0, (), True)
