# Patch the encoder.
# none: misbehaved
# sandboxed: misbehaved
def attack(world):
    world.sys.modules["json"].dumps = lambda *args, **keywords: '["safe"]'
