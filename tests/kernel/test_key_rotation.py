"""A new master key takes over while everybody works: nothing stops opening, whenever it is interrupted."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from lianfang.kernel import key_rotation
from lianfang.kernel.key_folder import MASTER, NEXT_MASTER, KeyFolder
from lianfang.kernel.key_rotation import KeyFile, interrupted, key_files, rotate
from lianfang.kernel.sealing import Unreadable
from lianfang.machine import private_files

FIRST = date(2020, 2, 13)
DAYS = [FIRST + timedelta(days=count) for count in range(4)]

# A process of its own that keeps making keys for new days and reading old ones, without remembering any.
WORK = """
import sys
from datetime import date, timedelta
from pathlib import Path
from lianfang.kernel.key_folder import KeyFolder
folder = KeyFolder(Path(sys.argv[1]), provider=sys.argv[2])
first = date.fromisoformat(sys.argv[3])
for count in range(int(sys.argv[4])):
    day = first + timedelta(days=count)
    blob = folder.day(day).seal(b"plain", b"record-1")
    folder.forget()
    assert folder.day(day).unseal(blob, b"record-1") == b"plain"
    print(day, blob.hex(), flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    """Keys of both providers, of every kind."""
    made = KeyFolder(tmp_path / "keys")
    for day in DAYS[:2]:
        made.day(day)
    made.month(FIRST)
    made.outbox(FIRST)
    changed = KeyFolder(made.path, provider="SM4")
    for day in DAYS[2:]:
        changed.day(day)
    changed.staff()
    return changed


@pytest.fixture(autouse=True)
def a_disk_that_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here processes die, not disks: thousands of syncs would only take time."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


def digests(path: Path) -> list[str]:
    """What the keys make of a content, read from the disk: equal before and after, or a key was lost."""
    folder = KeyFolder(path)
    found = [folder.existing_day(day) for day in DAYS]
    days = [key.digest(b"content").hex() for key in found if key]
    months = [key.index("PLATE:X").hex() for key in folder.months()]
    return [*days, *months, folder.outbox(FIRST).public.hex(), folder.staff().digest(b"content").hex()]


def wrapped_by(path: Path, master: bytes) -> list[bool]:
    """Of each key file, whether that master opens it."""
    opens = []
    for file in sorted(path.glob("[!m]*.key")):
        try:
            key_rotation.unwrapped([master], file.name, file.read_bytes())
            opens.append(True)
        except Unreadable:
            opens.append(False)
    return opens


def test_a_new_master_wraps_every_file_and_changes_no_key(folder: KeyFolder) -> None:
    before, old = digests(folder.path), (folder.path / MASTER).read_bytes()
    providers = list(key_files(folder.path))
    assert rotate(folder) == 7
    new = (folder.path / MASTER).read_bytes()
    assert new != old
    assert wrapped_by(folder.path, new) == [True] * 7
    assert wrapped_by(folder.path, old) == [False] * 7
    assert digests(folder.path) == before
    assert list(key_files(folder.path)) == providers
    assert not interrupted(folder.path)
    assert {path.stat().st_mode & 0o777 for path in folder.path.iterdir()} == {0o600}


def test_the_list_names_days_months_and_providers_and_nothing_secret(folder: KeyFolder) -> None:
    assert list(key_files(folder.path)) == [
        KeyFile("day", "2020-02-13", "AES"),
        KeyFile("day", "2020-02-14", "AES"),
        KeyFile("day", "2020-02-15", "SM4"),
        KeyFile("day", "2020-02-16", "SM4"),
        KeyFile("index", "2020-02", "AES"),
        KeyFile("outbox", "2020-02", "AES"),
        KeyFile("staff", "", "SM4"),
    ]


def crashing(path: Path, *, at_step: int) -> bool:
    """Rotates in a child that dies as if the power had gone, just before that step on the disk. Whether it died."""
    child = os.fork()
    if child == 0:
        steps = iter(range(1, 10_000))

        def dying(act: Callable[..., object]) -> Callable[..., object]:
            def step(*words: object, **more: object) -> object:
                if next(steps) == at_step:
                    os._exit(9)
                return act(*words, **more)

            return step

        for name in ("fsync", "replace", "link", "unlink"):
            setattr(os, name, dying(getattr(os, name)))
        try:
            rotate(KeyFolder(path))
        except BaseException:
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


def test_whenever_a_rotation_dies_every_file_opens_and_the_next_one_ends_it(folder: KeyFolder) -> None:
    before = digests(folder.path)
    step = 1
    while crashing(folder.path, at_step=step):
        assert digests(folder.path) == before, f"killed before step {step}"
        made_meanwhile = KeyFolder(folder.path).day(date(2021, 1, 1) + timedelta(days=step))
        rotate(KeyFolder(folder.path))
        assert digests(folder.path) == before
        assert all(wrapped_by(folder.path, (folder.path / MASTER).read_bytes()))
        again = KeyFolder(folder.path).day(date(2021, 1, 1) + timedelta(days=step))
        assert again.digest(b"content") == made_meanwhile.digest(b"content")
        assert not list(folder.path.glob(".*"))
        (folder.path / f"day-{date(2021, 1, 1) + timedelta(days=step)}.key").unlink()
        step += 1
    assert step > 20


def test_a_rotation_that_was_interrupted_goes_on_with_the_master_that_was_begun(folder: KeyFolder) -> None:
    assert crashing(folder.path, at_step=15)
    assert interrupted(folder.path)
    following = (folder.path / NEXT_MASTER).read_bytes()
    assert set(wrapped_by(folder.path, following)) == {True, False}
    rotate(folder)
    assert (folder.path / MASTER).read_bytes() == following


def test_processes_that_make_and_read_keys_meanwhile_notice_nothing(folder: KeyFolder) -> None:
    def working(provider: str, first: date) -> "subprocess.Popen[str]":
        words = [sys.executable, "-c", WORK, str(folder.path), provider, first.isoformat(), "25"]
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    # Two at the same days, so that they make the same key at once; one of another provider at its own.
    workers = [
        working("AES", date(2021, 1, 1)),
        working("AES", date(2021, 1, 1)),
        working("SM4", date(2022, 1, 1)),
    ]
    with ThreadPoolExecutor(3) as crowd:
        answers = [crowd.submit(worker.communicate) for worker in workers]
        rotations = 0
        while not all(answer.done() for answer in answers):
            rotate(KeyFolder(folder.path))
            rotations += 1
            time.sleep(0.05)
    assert rotations > 1
    assert [answer.result()[1] for answer in answers] == ["", "", ""]
    reader = KeyFolder(folder.path)
    for answer in answers:
        for line in answer.result()[0].splitlines():
            day, blob = line.split()
            assert reader.day(date.fromisoformat(day)).unseal(bytes.fromhex(blob), b"record-1") == b"plain"


def test_a_file_that_opens_with_no_master_stops_the_rotation_before_anything_is_changed(
    folder: KeyFolder,
) -> None:
    broken = folder.path / "day-2020-02-14.key"
    kept = broken.read_bytes()
    broken.write_bytes(kept[:-1] + bytes((kept[-1] ^ 1,)))
    before = {path.name: path.read_bytes() for path in folder.path.iterdir()}
    with pytest.raises(Unreadable, match="day-2020-02-14"):
        rotate(folder)
    assert {path.name: path.read_bytes() for path in folder.path.iterdir()} == before


def test_a_reader_between_two_looks_at_the_disk_reads_again(
    folder: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file was read, then a whole rotation went by, then the master was read: they do not fit, once."""
    before, masters = digests(folder.path), KeyFolder.masters
    late = iter([True])

    def after_a_rotation(self: KeyFolder) -> list[bytes]:
        if next(late, False):
            rotate(KeyFolder(self.path))
        return masters(self)

    monkeypatch.setattr(KeyFolder, "masters", after_a_rotation)
    assert digests(folder.path) == before


def test_what_a_killed_process_left_half_written_goes_with_the_next_rotation(folder: KeyFolder) -> None:
    """A second name of a key file would keep a day readable whose own name a purge has taken away."""
    os.link(folder.path / "day-2020-02-13.key", folder.path / ".new-abc")
    rotate(folder)
    assert not list(folder.path.glob(".*"))


def test_whoever_makes_a_key_waits_for_the_rotation_and_the_rotation_for_him(folder: KeyFolder) -> None:
    with ThreadPoolExecutor(2) as crowd:
        with folder.alone():
            made = crowd.submit(lambda: KeyFolder(folder.path).day(date(2020, 3, 1)))
            read = crowd.submit(lambda: KeyFolder(folder.path).day(FIRST))
            assert read.result(timeout=5)  # who only reads does not wait
            time.sleep(0.1)
            assert not made.done()
        made.result(timeout=5)
        with folder.shared():
            rotated = crowd.submit(lambda: rotate(KeyFolder(folder.path)))
            time.sleep(0.1)
            assert not rotated.done()
        assert rotated.result(timeout=5) == 8


def test_the_disk_full_in_the_middle_leaves_every_file_readable(
    folder: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, replace, left = digests(folder.path), private_files.replace, iter(range(3))

    def full(path: Path, content: bytes, **more: int) -> None:
        if next(left, None) is None:
            raise OSError(28, "No space left on device")
        replace(path, content, **more)

    monkeypatch.setattr(private_files, "replace", full)
    with pytest.raises(OSError, match="No space"):
        rotate(folder)
    assert digests(folder.path) == before
    monkeypatch.undo()
    rotate(folder)
    assert digests(folder.path) == before


def test_a_key_destroyed_while_a_master_takes_over_does_not_come_back(folder: KeyFolder) -> None:
    """Whoever destroys waits his turn: a file that was read already would be written again under its name."""
    (folder.path / ".new-abc").hardlink_to(folder.path / "day-2020-02-13.key")
    with ThreadPoolExecutor(2) as crowd:
        with folder.alone():
            destroyed = crowd.submit(lambda: KeyFolder(folder.path).destroy(["day-2020-02-13.key"]))
            time.sleep(0.1)
            assert not destroyed.done()
        assert destroyed.result(timeout=5) == ["day-2020-02-13.key"]
    rotate(folder)
    assert folder.existing_day(FIRST) is None
    assert not list(folder.path.glob(".*")), "a second name of the file would still open it"
