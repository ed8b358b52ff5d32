# Read the kernel's keyring of the user.
# none: won or lost
# sandboxed: lost
def attack(world):
    return str(world.syscall("keyctl", 0, -3, 0, 0, 0))  # KEYCTL_GET_KEYRING_ID of the session
