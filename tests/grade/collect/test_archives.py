"""Archives that a stranger made: what is kept, what is left out, what is refused."""

from __future__ import annotations

import gzip
import io
import lzma
import resource
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from wbviz.grade.collect import archives
from wbviz.grade.collect.archives import ArchiveError, Limits, Unpacker, is_archive
from wbviz.grade.collect.submission import Refused

SMALL = Limits(files=10, bytes=1 << 20, ratio=50, free=64 << 10)
TEXT = b"def enqueue(mm, page):\n    yield\n"


def unpack(archive: Path, into: Path, limits: Limits) -> list[Refused]:
    """Unpacked by a process for this one alone."""
    with Unpacker() as unpacker:
        return unpacker.unpack(archive, into, limits)


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path, *members: tarfile.TarInfo | tuple[str, bytes]) -> Path:
    mode = "w:" + {".gz": "gz", ".bz2": "bz2", ".xz": "xz"}.get(path.suffix, "")
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                archive.addfile(info, io.BytesIO(member[1]))
    return path


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    return info


def written(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.bz2", "a.tar.xz"])
def test_policies_are_unpacked(tmp_path: Path, name: str) -> None:
    members = {"ada/policy.py": TEXT, "bob/policy.py": TEXT + b"#", "bob/photo.png": b"\x89PNG"}
    archive = zipped(tmp_path / name, members) if name.endswith("zip") else tarred(tmp_path / name, *members.items())
    assert is_archive(name)
    assert unpack(archive, tmp_path / "out", SMALL) == []
    assert written(tmp_path / "out") == {"ada/policy.py", "bob/policy.py", "bob/photo.png"}
    assert (tmp_path / "out/bob/photo.png").read_bytes() == b"", "what is never read is not written"
    assert (tmp_path / "out/bob/policy.py").read_bytes() == TEXT + b"#"


@pytest.mark.parametrize("name", ["../policy.py", "a/../../b.py", "/etc/policy.py", "C:/policy.py", "..\\policy.py"])
@pytest.mark.parametrize("kind", ["a.zip", "a.tar"])
def test_a_name_that_leads_elsewhere_is_left_out(tmp_path: Path, name: str, kind: str) -> None:
    members = {name: TEXT, "ada/policy.py": TEXT}
    path = tmp_path / "in" / kind
    path.parent.mkdir()
    archive = zipped(path, members) if kind.endswith("zip") else tarred(path, *members.items())
    refused = unpack(archive, tmp_path / "deep" / "out", SMALL)
    assert [one.name for one in refused] == [name.replace("\\", "/") if kind == "a.zip" else name]
    assert written(tmp_path) == {f"in/{kind}", "deep/out/ada/policy.py"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_in_a_tar_are_left_out(tmp_path: Path, kind: bytes) -> None:
    archive = tarred(tmp_path / "a.tar", special("ada/policy.py", kind, "/etc/passwd"), ("bob/policy.py", TEXT))
    refused = unpack(archive, tmp_path / "out", SMALL)
    assert [one.name for one in refused] == ["ada/policy.py"]
    assert written(tmp_path / "out") == {"bob/policy.py"}


def test_a_file_below_a_link_is_not_written_through_it(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = special("ada", tarfile.SYMTYPE, str(tmp_path / "elsewhere"))
    archive = tarred(tmp_path / "a.tar", link, ("ada/policy.py", TEXT))
    unpack(archive, tmp_path / "out", SMALL)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_links_and_encrypted_members_of_a_zip_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("ada/policy.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("bob/policy.py", TEXT)
        archive.writestr("eve/policy.py", TEXT)
    data = path.read_bytes()
    at = data.rindex(b"PK\x01\x02")  # the last entry of the directory is eve's: mark it as encrypted
    path.write_bytes(data[: at + 8] + bytes([data[at + 8] | 1]) + data[at + 9 :])
    refused = unpack(path, tmp_path / "out", SMALL)
    assert {one.name: one.why for one in refused} == {
        "ada/policy.py": "it is a link or a device",
        "eve/policy.py": "it is encrypted: it needs a password",
    }
    assert written(tmp_path / "out") == {"bob/policy.py"}


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {f"{n}/policy.py": TEXT for n in range(11)})
    with pytest.raises(ArchiveError, match="more than 10 files"):
        unpack(archive, tmp_path / "out", SMALL)


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar.bz2", "a.tar.xz"])
@pytest.mark.parametrize("inner", ["policy.py", "notes.bin"])
def test_a_bomb_is_refused_before_it_is_written(tmp_path: Path, name: str, inner: str) -> None:
    if (name, inner) == ("a.zip", "notes.bin"):  # nobody reads it, and in a zip it can be passed over
        assert unpack(zipped(tmp_path / name, {inner: bytes(8 << 20)}), tmp_path / "out", SMALL) == []
        return
    bomb = {inner: bytes(8 << 20)}
    archive = zipped(tmp_path / name, bomb) if name.endswith("zip") else tarred(tmp_path / name, *bomb.items())
    with pytest.raises(ArchiveError, match="is not unpacked: it unpacks to more than"):
        unpack(archive, tmp_path / "out", SMALL)
    assert sum(path.stat().st_size for path in (tmp_path / "out").rglob("*")) <= SMALL.bytes


def test_a_bomb_in_the_headers_of_a_tar_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("policy.py")
    info.pax_headers = {"comment": "x" * (16 << 20)}
    with tarfile.open(tmp_path / "plain.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info)
    (tmp_path / "a.tar.xz").write_bytes(lzma.compress((tmp_path / "plain.tar").read_bytes()))
    with pytest.raises(ArchiveError, match="unpacks to more than"):
        unpack(tmp_path / "a.tar.xz", tmp_path / "out", SMALL)


def test_a_zip_that_lies_about_a_size_is_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"policy.py": bytes(8 << 20)})
    data = archive.read_bytes().replace((8 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    archive.write_bytes(data)
    (refused,) = unpack(archive, tmp_path / "out", SMALL)
    assert refused.why.startswith("it is damaged")
    assert written(tmp_path / "out") == set(), "half a file is no policy"


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
@pytest.mark.parametrize("data", [b"no archive at all", b"PK\x03\x04 cut off", b"\x1f\x8b\x08 cut off"])
def test_a_damaged_archive_is_refused_with_a_way_out(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ArchiveError) as caught:
        unpack(tmp_path / name, tmp_path / "out", SMALL)
    assert "pack the folder again" in str(caught.value)


def test_the_same_name_twice_is_kept_once(tmp_path: Path) -> None:
    archive = tarred(tmp_path / "a.tar", ("ada/policy.py", TEXT), ("ada/policy.py", b"other"))
    assert [one.why for one in unpack(archive, tmp_path / "out", SMALL)] == ["the archive has it twice"]
    assert (tmp_path / "out/ada/policy.py").read_bytes() == TEXT


def test_a_zip_whose_names_have_backslashes_is_one_from_windows(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"ada\\policy.py": TEXT, "ada\\..\\..\\evil.py": TEXT})
    assert [one.why for one in unpack(archive, tmp_path / "out", SMALL)] == ["its name leads out of the archive"]
    assert written(tmp_path / "out") == {"ada/policy.py"}


def hostile(name: str) -> Callable[[Callable[[Path], bytes]], Callable[[Path], Path]]:
    """Mark what makes an archive of this name."""

    def marked(make: Callable[[Path], bytes]) -> Callable[[Path], Path]:
        def made(folder: Path) -> Path:
            (folder / name).write_bytes(make(folder))
            return folder / name

        HOSTILE[make.__name__] = made
        return made

    return marked


HOSTILE: dict[str, Callable[[Path], Path]] = {}


@hostile("a.tar.gz")
def digits_in_a_pax_record(folder: Path) -> bytes:
    """CVE-2024-6232: older versions of Python look through them again from each one on."""
    data = b"1" * (1 << 20)
    head = tarfile.TarInfo("policy.py")
    head.type, head.size = tarfile.XHDTYPE, len(data)
    return gzip.compress(head.tobuf() + data + bytes(2048))


@hostile("a.tar")
def a_chain_of_long_names(folder: Path) -> bytes:
    """Each header says that the name of the next one is long: read one inside the other."""
    head = tarfile.TarInfo("././@LongLink")
    head.type, head.size = tarfile.GNUTYPE_LONGNAME, 10
    return (head.tobuf() + b"n".ljust(512, b"\0")) * 3000


@hostile("a.tar.xz")
def a_dictionary_of_four_gigabytes(folder: Path) -> bytes:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    data = bytearray(lzma.compress(TEXT, lzma.FORMAT_XZ, lzma.CHECK_NONE, filters=filters))
    at = data.index(bytes([0x21, 0x01]))  # the filter, the length of its properties, and the size of its dictionary
    data[at + 2] = 40
    begin, end = 12, 12 + (data[12] + 1) * 4
    data[end - 4 : end] = zlib.crc32(data[begin : end - 4]).to_bytes(4, "little")
    return bytes(data)


@hostile("a.zip")
def members_without_end(folder: Path) -> bytes:
    entry = b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    count, size = 500_000, 500_000 * len(entry)
    wide = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, 0)
    find = b"PK\x06\x07" + struct.pack("<IQI", 0, size, 1)
    return (
        entry * count
        + wide
        + find
        + b"PK\x05\x06"
        + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)
    )


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_reads_an_archive_cannot_be_kept_busy(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stopped after its time, or at its memory, and the next archive is read as ever."""
    monkeypatch.setattr(archives, "MEMORY", 150 << 20)
    limits = Limits(files=10, bytes=8 << 20, seconds=2)
    good = zipped(tmp_path / "good.zip", {"policy.py": TEXT})
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with Unpacker() as unpacker:
        with pytest.raises(ArchiveError) as caught:
            unpacker.unpack(HOSTILE[kind](tmp_path), tmp_path / "out", limits)
        assert unpacker.unpack(good, tmp_path / "good", limits) == []
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 6
    assert written(tmp_path / "good") == {"policy.py"}
    assert caught.value.fix


def test_what_is_too_deep_or_too_long_is_left_out(tmp_path: Path) -> None:
    names = ["a/" * 40 + "policy.py", "b" * 260 + ".py", "\u00e9" * 150 + ".py", "c/" + "d" * 1000 + "/policy.py"]
    good = {"ada/policy.py", "\u674e" * 80 + "_1_2_policy.py"}
    archive = tarred(tmp_path / "a.tar", *((name, TEXT) for name in [*names, *sorted(good)]))
    assert {one.name for one in unpack(archive, tmp_path / "out", Limits(100, 1 << 20))} == set(names)
    assert written(tmp_path / "out") == good


def test_one_damaged_member_costs_one_student(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ada/policy.py", TEXT)
        archive.writestr("bob/policy.py", TEXT + b"# bob")
        archive.writestr("eve/policy.py", b"#" * (2 << 20))
    path.write_bytes(path.read_bytes().replace(b"# bob", b"# bOb"))
    refused = {one.name: one.why for one in unpack(path, tmp_path / "out", Limits(10, 1 << 30))}
    assert refused["bob/policy.py"].startswith("it is damaged: Bad CRC")
    assert refused["eve/policy.py"] == "it is larger than 1 MiB"
    assert written(tmp_path / "out") == {"ada/policy.py"}
    assert (tmp_path / "out/bob").is_dir(), "so that bob is not lost"
