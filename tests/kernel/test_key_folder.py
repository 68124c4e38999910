"""Keys are made once, durably, for their owner's eyes, and never come back once their file is gone."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from lianfang.kernel.key_folder import KeyFolder
from lianfang.kernel.sealing import PROVIDERS, Unreadable

DAY = date(2020, 2, 13)
RECORD = b"record-1"

# A process of its own: makes (or finds) the keys of a day and a month, and prints what they digest and index to.
ASK = """
import sys
from datetime import date
from pathlib import Path
from lianfang.kernel.key_folder import KeyFolder
folder = KeyFolder(Path(sys.argv[1]))
day = date.fromisoformat(sys.argv[2])
sys.stdin.read()
print(folder.day(day).digest(b"content").hex(), folder.month(day).index("PLATE:X").hex())
"""


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_day_has_one_key_and_so_has_a_month(folder: KeyFolder) -> None:
    blob = folder.day(DAY).seal(b"plain", RECORD)
    again = KeyFolder(folder.path)
    assert again.day(DAY).unseal(blob, RECORD) == b"plain"
    assert again.day(DAY).digest(b"content") == folder.day(DAY).digest(b"content")
    assert again.month(DAY).index("PLATE:X") == folder.month(date(2020, 2, 29)).index("PLATE:X")
    assert again.month(DAY).index("PLATE:X") != folder.month(date(2020, 3, 1)).index("PLATE:X")


def test_another_days_key_opens_nothing(folder: KeyFolder) -> None:
    blob = folder.day(DAY).seal(b"plain", RECORD)
    with pytest.raises(Unreadable):
        folder.day(DAY + timedelta(days=1)).unseal(blob, RECORD)


def test_eight_processes_at_once_make_one_key(tmp_path: Path) -> None:
    def asked() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", ASK, str(tmp_path / "keys"), "2020-02-13"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    processes = [asked() for _ in range(8)]
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda process: process.communicate("")[0], processes))
    assert [process.returncode for process in processes] == [0] * 8
    assert len(set(answers)) == 1
    assert sorted(entry.name for entry in (tmp_path / "keys").iterdir()) == [
        "day-2020-02-13.key",
        "index-2020-02.key",
        "master.key",
    ]


def test_many_threads_at_once_make_one_key(folder: KeyFolder) -> None:
    folders = [KeyFolder(folder.path) for _ in range(8)]
    with ThreadPoolExecutor(8) as crowd:
        digests = set(crowd.map(lambda each: each.day(DAY).digest(b"content"), folders))
    assert len(digests) == 1


def test_folder_and_files_are_for_their_owner_alone(folder: KeyFolder) -> None:
    folder.day(DAY)
    folder.month(DAY)
    assert mode(folder.path) == 0o700
    assert {mode(entry) for entry in folder.path.iterdir()} == {0o600}


def test_a_key_is_on_the_disk_before_it_is_handed_out(
    folder: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is synced, then named, then its name is synced: in that order, or a power cut could lose the key."""
    steps = []
    sync, link = os.fsync, os.link

    def seen_sync(handle: int) -> None:
        steps.append("folder" if Path(f"/proc/self/fd/{handle}").resolve() == folder.path else "file")
        sync(handle)

    def seen_link(source: str, target: Path) -> None:
        steps.append("named")
        link(source, target)

    monkeypatch.setattr(os, "fsync", seen_sync)
    monkeypatch.setattr(os, "link", seen_link)
    folder.day(DAY)
    assert steps == ["file", "named", "folder"]
    folder.day(DAY)
    assert len(steps) == 3


def test_a_key_file_renamed_to_another_day_does_not_open(folder: KeyFolder) -> None:
    folder.day(DAY)
    (folder.path / "day-2020-02-13.key").rename(folder.path / "day-2020-02-14.key")
    with pytest.raises(Unreadable):
        folder.day(date(2020, 2, 14))


def test_a_key_file_is_worth_nothing_without_the_master_key(folder: KeyFolder, tmp_path: Path) -> None:
    folder.day(DAY)
    elsewhere = KeyFolder(tmp_path / "elsewhere")
    shutil.copy(folder.path / "day-2020-02-13.key", elsewhere.path)
    with pytest.raises(Unreadable):
        elsewhere.day(DAY)


def test_asking_for_an_existing_day_never_makes_one(folder: KeyFolder) -> None:
    assert folder.existing_day(DAY) is None
    assert folder.days() == []
    folder.day(DAY)
    found = KeyFolder(folder.path).existing_day(DAY)
    assert found is not None
    assert found.digest(b"content") == folder.day(DAY).digest(b"content")


def test_a_destroyed_day_is_gone_once_forgotten_and_a_new_key_does_not_open_what_it_sealed(
    folder: KeyFolder,
) -> None:
    blob = folder.day(DAY).seal(b"plain", RECORD)
    (folder.path / "day-2020-02-13.key").unlink()
    folder.forget()
    assert folder.existing_day(DAY) is None
    with pytest.raises(Unreadable):
        folder.day(DAY).unseal(blob, RECORD)


def test_the_months_and_days_that_exist_are_listed_in_order(folder: KeyFolder) -> None:
    for day in (date(2020, 3, 1), date(2020, 2, 13), date(2020, 2, 1)):
        folder.day(day)
        folder.month(day)
    (folder.path / "index-2020-13.key.bak").write_bytes(b"somebody's copy")
    (folder.path / ".new-abc").write_bytes(b"left by a power cut")
    assert folder.days() == [date(2020, 2, 1), date(2020, 2, 13), date(2020, 3, 1)]
    assert [key.index("PLATE:X") for key in folder.months()] == [
        folder.month(date(2020, 2, 29)).index("PLATE:X"),
        folder.month(date(2020, 3, 31)).index("PLATE:X"),
    ]


def test_what_was_sealed_before_a_city_changed_its_provider_still_opens_and_is_still_found(
    folder: KeyFolder,
) -> None:
    """A key belongs to the provider it was made for: the change begins with the next day and the next month."""
    blob = folder.day(DAY).seal(b"plain", RECORD)
    digest, index = folder.day(DAY).digest(b"content"), folder.month(DAY).index("PLATE:X")
    changed = KeyFolder(folder.path, provider="SM4")
    assert changed.day(DAY).unseal(blob, RECORD) == b"plain"
    assert changed.day(DAY).digest(b"content") == digest
    assert [key.index("PLATE:X") for key in changed.months()] == [index]
    assert changed.day(DAY).seal(b"plain", RECORD)[0] == PROVIDERS["AES"].mark
    assert changed.day(date(2020, 2, 14)).seal(b"plain", RECORD)[0] == PROVIDERS["SM4"].mark


def test_the_outbox_key_of_a_month_is_made_once_and_found_by_its_name(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path)
    made = keys.outbox(date(2020, 2, 13))
    assert made.id == "2020-02"
    assert KeyFolder(tmp_path).outbox(date(2020, 2, 1)).public == made.public
    found = KeyFolder(tmp_path).existing_outbox("2020-02")
    assert found is not None
    assert found.public == made.public


@pytest.mark.parametrize("key_id", ["2020-03", "../master", "", "2020-02.key/../day-2020-02-13"])
def test_a_phone_that_names_no_outbox_key_finds_none_and_makes_none(tmp_path: Path, key_id: str) -> None:
    keys = KeyFolder(tmp_path)
    keys.outbox(date(2020, 2, 13))
    assert keys.existing_outbox(key_id) is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["master.key", "outbox-2020-02.key"]


def test_declarations_have_a_key_for_each_checkpoint_and_day_that_ends_with_the_days_key(
    tmp_path: Path,
) -> None:
    keys = KeyFolder(tmp_path)
    day = date(2020, 2, 13)
    first = keys.declarations("HC01", day)
    assert first.id == "20200213"
    assert KeyFolder(tmp_path).declarations("HC01", day).public == first.public
    assert keys.declarations("HC02", day).public != first.public
    assert keys.declarations("HC01", date(2020, 2, 14)).public != first.public
    (tmp_path / "day-2020-02-13.key").unlink()
    assert KeyFolder(tmp_path).declarations("HC01", day).public != first.public


def test_a_key_destroyed_between_the_look_and_the_reading_is_not_made_anew(
    keys: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2020, 2, 13)
    monkeypatch.setattr(Path, "exists", lambda path: True)  # it was there a moment ago
    assert keys.existing_day(day) is None
    assert keys.existing_kept(day) is None
    monkeypatch.undo()
    assert keys.days() == keys.kept_days() == []
