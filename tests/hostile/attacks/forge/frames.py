# Change the variables of the frames below.
# none: lost-work or policy-error
# sandboxed: lost-work or policy-error
def attack(world):
    frame = world.sys._getframe()
    while frame is not None:
        for name in ("request", "turn", "answer"):
            if name in frame.f_locals:
                frame.f_locals[name] = True
                world.ctypes.pythonapi.PyFrame_LocalsToFast(world.ctypes.py_object(frame), 0)
        frame = frame.f_back
