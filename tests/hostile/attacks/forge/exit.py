# End with status 0, as who passes all tests.
# none: policy-error
# sandboxed: policy-error
def attack(world):
    raise SystemExit(0)
