"""An emulated machine: built of unpacked packages, booted once for each experiment, and ended by force if need be."""

from __future__ import annotations

import gzip
import lzma
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import NamedTuple

from wbviz.errors import UsageError

HERE = Path(__file__).parent
GRACE = 60
"""Seconds that the machine has beyond its own limit: to boot, and to be switched off."""

TRIES = 3


class Machine(NamedTuple):
    """What all boots share: kernel, module, busybox, and a folder to work in."""

    release: str
    kernel: Path
    driver: Path
    module: Path
    busybox: Path
    config: Path
    folder: Path


class Boot(NamedTuple):
    """What a boot is to do. `script`: shell, for busybox; what follows a line `==name` on the console becomes the part
    of that name. `seconds`: the machine's own limit. `speed`: bytes a second that the disk takes, 0 for all it can."""

    script: str
    seconds: int
    memory: int = 256
    processors: int = 1
    speed: int = 0


def build(root: Path, release: str, folder: Path) -> Machine:
    """Build the module against unpacked headers, and gather the rest. Raises UsageError where that fails."""
    headers = root / "usr/src" / f"linux-headers-{release}"
    common = next((root / "usr/src").glob("linux-headers-*-common*"))
    (headers / "Makefile").write_text(f"include {common}/Makefile\n", encoding="utf-8")  # names /usr/src otherwise
    source = folder / "module"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    shutil.copy(HERE / "meeting.c", source)
    (source / "Kbuild").write_text("obj-m := meeting.o\n", encoding="utf-8")
    said = subprocess.run(
        # Types for BPF would need one more tool, and nobody asks for them here.
        ["make", "-s", "-C", headers, f"M={source}", "CC=gcc", "CONFIG_DEBUG_INFO_BTF_MODULES=", "modules"],
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode:
        raise UsageError("the module could not be built", came=said.stderr[-800:], fix="apt-get install gcc make")
    modules = next(path for path in (root / "lib/modules", root / "usr/lib/modules") if path.is_dir())
    driver = folder / "virtio_blk.ko"
    packed = next(modules.rglob("virtio_blk.ko*"))
    driver.write_bytes(lzma.decompress(packed.read_bytes()) if packed.suffix == ".xz" else packed.read_bytes())
    return Machine(
        release,
        root / f"boot/vmlinuz-{release}",
        driver,
        source / "meeting.ko",
        next(path for path in (root / "bin/busybox", root / "usr/bin/busybox") if path.is_file()),
        root / f"boot/config-{release}",
        folder,
    )


def run(machine: Machine, boot: Boot) -> tuple[dict[str, str], dict[str, str]]:
    """Boot until a machine comes to the end of its script, at most `TRIES` times: on a busy computer one may fail.

    Gives the console by its parts, and the files that the script put into /out, as text.

    Raises UsageError where none did.
    """
    for _ in range(TRIES):
        console = _booted(machine, boot)
        parts = sections(console)
        if "end" in parts:
            return parts, _files(machine.folder / "out.img")
    raise UsageError(
        "the machine did not come to the end of its script",
        came=console[-1500:],
        cause=f"{boot.seconds} seconds were not enough on this computer, or it could not boot",
        fix="make kernel",
    )


def _booted(machine: Machine, boot: Boot) -> str:
    """Boot once, and end it by force where it does not end. Gives what came to the console, kept in console.txt."""
    folder = machine.folder
    disk, out = folder / "disk.img", folder / "out.img"
    for image, size in ((disk, 384 << 20), (out, 64 << 20)):
        image.unlink(missing_ok=True)
        with image.open("wb") as stream:
            stream.truncate(size)
    _initramfs(machine, boot)
    slow = f",throttling.bps-write={boot.speed}" if boot.speed else ""
    words = (
        "console=ttyS0 panic=-1 quiet loglevel=1 log_buf_len=1M no_timer_check"  # the timer is late on a busy computer
    )
    command: list[str | Path] = [
        *("qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-nographic", "-no-reboot", "-nodefaults"),
        *("-serial", "stdio", "-m", str(boot.memory), "-smp", str(boot.processors), "-kernel", machine.kernel),
        *("-initrd", folder / "initramfs.gz", "-append", words),
        *("-drive", f"file={disk},if=virtio,format=raw,cache=unsafe{slow}"),
        *("-drive", f"file={out},if=virtio,format=raw,cache=unsafe"),
    ]
    limit = boot.seconds + GRACE
    try:
        said = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit, check=False).stdout
    except subprocess.TimeoutExpired as error:
        said = error.stdout or b""
    console = said.decode("utf-8", "replace")
    (folder / "console.txt").write_text(console, encoding="utf-8")
    return console


def sections(console: str) -> dict[str, str]:
    """What stands on a console after each line `==name`, up to the next; lines of terminals end in no return."""
    pieces = re.split(r"^==([\w-]+)$", console.replace("\r", ""), flags=re.MULTILINE)
    return {name: text.strip("\n") for name, text in zip(pieces[1::2], pieces[2::2], strict=True)}


def _initramfs(machine: Machine, boot: Boot) -> None:
    tree = machine.folder / "initramfs"
    shutil.rmtree(tree, ignore_errors=True)
    for name in ("bin", "proc", "sys", "dev", "mnt", "out"):
        (tree / name).mkdir(parents=True)
    shutil.copy(machine.busybox, tree / "bin/busybox")
    shutil.copy(machine.driver, tree)
    shutil.copy(machine.module, tree)
    shutil.copy(HERE / "init.sh", tree / "init")
    (tree / "init").chmod(0o755)
    (tree / "limits").write_text(f"LONGEST={boot.seconds}\n", encoding="utf-8")
    (tree / "experiment").write_text(boot.script, encoding="utf-8")
    names = "\n".join(str(path.relative_to(tree)) for path in sorted(tree.rglob("*")))
    cpio = ["cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0"]
    archive = subprocess.run(cpio, cwd=tree, input=names.encode(), capture_output=True, check=True).stdout
    (machine.folder / "initramfs.gz").write_bytes(gzip.compress(archive, 1))


def _files(image: Path) -> dict[str, str]:
    """The files of an archive that the machine wrote to its second disk; none if it wrote none."""
    try:
        with tarfile.open(image) as archive:
            texts = [(member.name, archive.extractfile(member)) for member in archive if member.isfile()]
            return {Path(name).name: stream.read().decode("utf-8", "replace") for name, stream in texts if stream}
    except tarfile.ReadError:
        return {}
