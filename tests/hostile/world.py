"""What stands in front of every attack: the real modules and system calls, for code that should have neither."""


class World:
    """Everything that an attacker finds once he has left the guarded builtins."""

    scratch, secret, victim, submissions = "@SCRATCH@", "@SECRET@", "@VICTIM@", "@SUBMISSIONS@"
    judge = int("@JUDGE@")  # the judge's process: said, lest it be hidden from an attack that could do harm
    numbers = {  # by asm/unistd_64.h and asm-generic/unistd.h
        "bpf": (321, 280),
        "io_uring_setup": (425, 425),
        "keyctl": (250, 219),
        "mmap": (9, 222),
        "mount": (165, 40),
        "mprotect": (10, 226),
        "pidfd_open": (434, 434),
        "prlimit64": (302, 261),
        "process_vm_readv": (310, 270),
        "ptrace": (101, 117),
        "seccomp": (317, 277),
        "socket": (41, 198),
        "unshare": (272, 97),
        "userfaultfd": (323, 282),
    }

    def __init__(self):
        (found,) = [kind for kind in object.__subclasses__() if kind.__name__ == "_wrap_close"]
        self.sys = found.__init__.__globals__["sys"]
        self.os = self.sys.modules["os"]
        self.builtins = self.sys.modules["builtins"]
        self.ctypes = self.sys.modules["ctypes"]

    def load(self, name):
        """A module, imported past the guard."""
        return self.builtins.__import__(name)

    def syscall(self, name, *args):
        """A system call by name. OSError if it fails."""
        return self.raw_syscall(self.numbers[name][self.sys.implementation._multiarch.startswith("aarch64")], *args)

    def raw_syscall(self, number, *args):
        """A system call by number."""
        call = self.ctypes.CDLL(None, use_errno=True).syscall
        call.restype = self.ctypes.c_long
        word = [self.ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]
        result = call(self.ctypes.c_long(number), *word)
        if result == -1:
            error = self.ctypes.get_errno()
            raise OSError(error, self.os.strerror(error))
        return result


def outcome():
    """How the attack went: "WON ..." with what was gained, "LOST ..." with why, or "" if it has made no claim."""
    try:
        gained = attack(World())  # noqa: F821
    except Exception as error:
        return f"LOST {type(error).__name__}: {error}"
    return "" if gained is None else f"WON {gained}"


def enqueue(mm, page):
    """The attack, then a policy that loses what it accepts."""
    said = outcome()
    if said:
        raise RuntimeError(said)
    return True
    yield


def execute(mm, work):
    yield mm.cond_resched()
