# Print a verdict with print.
# none: lost-work
# sandboxed: lost-work
def attack(world):
    print('["return",0,[],true]')
