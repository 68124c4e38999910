"""A backup is whole or not there, sees one moment, and never throws away the last archive that holds a key."""

import json
import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from lianfang.checkpoints.models import Device
from lianfang.command.services import worker_session
from lianfang.custody import archives, archives_of_keys, backing_up
from lianfang.custody.archives import (
    DATA,
    KEYS,
    Manifest,
    archives_in,
    manifest_of,
    newest_pair,
    taking_turns,
)
from lianfang.custody.archives_figures import days_without_key
from lianfang.custody.backing_up import Backup, back_up
from lianfang.kernel.key_folder import key_folder
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Cluster, Database
from lianfang.machine.progress import Silent
from lianfang.machine.trouble import Trouble
from lianfang.situation.fold import catch_up
from lianfang.situation.models import FoldPosition
from tests.custody.archived import DAYS, command, lianfang, processes_in, settle
from tests.factories import Generated, Intake, Json, today

AT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


@pytest.fixture
def city(clean: Database, cluster: Cluster) -> list[Json]:
    return settle(clean)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture
def a_key_away() -> Iterator[Path]:
    """Yesterday's key file is not where it should be, while the test lasts."""
    file = settings.DATA.keys / f"day-{today() - timedelta(days=1)}.key"
    away = file.with_suffix(".away")
    file.rename(away)
    key_folder().forget()
    yield file
    away.rename(file)


def backed_up(cluster: Cluster, to: Path, *, at: datetime = AT, keep: int = 14) -> Backup:
    return back_up(cluster, to=to, keys_to=to, passphrase=None, keep=keep, at=at, progress=Silent())


def rows(table: str) -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def test_two_archives_and_a_manifest_that_counts_every_table(
    city: list[Json], cluster: Cluster, folder: Path
) -> None:
    made = backed_up(cluster, folder)
    assert sorted(path.name for path in folder.iterdir()) == [
        "data-20261126T020000Z.json", "data-20261126T020000Z.lfdata", "keys-20261126T020000Z.lfkeys",
    ]  # fmt: skip
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    manifest = manifest_of(made.data)
    assert manifest == made.manifest
    assert manifest is not None
    assert (manifest.tables["passage"], manifest.tables["registration"]) == (2 * DAYS, 3 * DAYS)
    assert (manifest.tables["correction"], manifest.tables["conflict_item"]) == (DAYS, DAYS)
    assert "passage_default" not in manifest.tables
    assert manifest.days_without_key == {}
    for archive, path in ((manifest.data, made.data), (manifest.keys, made.keys)):
        assert (archive.name, archive.bytes) == (path.name, path.stat().st_size)
        assert archive.sha256 == archives.digest_of(path)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT act, subject FROM audit_entry ORDER BY number DESC LIMIT 1")
        assert cursor.fetchone() == ("BACKED_UP", f"BACKUP {made.data.name}")


def test_dump_and_counts_see_one_moment_whatever_arrives_meanwhile(
    city: list[Json], cluster: Cluster, folder: Path, clean: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows("passage")

    dumping = backing_up.dumping

    def a_car_arrives(*words: object, **more: object) -> object:

        made = Generated(77)
        Intake(clean, Device.objects.get()).send(made.parcel(made.passage()))
        return dumping(*words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(backing_up, "dumping", a_car_arrives)
    made = backed_up(cluster, folder)
    assert rows("passage") == before + 1
    assert made.manifest.tables["passage"] == before
    listed = subprocess.run(
        [cluster.binaries.program("pg_restore"), "--data-only", "--file=-", made.data],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    copied = [part.split("\n\\.")[0].count("\n") for part in listed.split("COPY public.passage_")[1:]]
    assert sum(copied) == before


def test_while_a_backup_is_made_the_board_goes_on(
    city: list[Json], cluster: Cluster, folder: Path, clean: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shared snapshot has no transaction number, so that the fold is not held back by it."""

    packed = backing_up.dumping
    folded: list[bool] = []

    def folds(*words: object, **more: object) -> object:
        made = Generated(78)
        Intake(clean, Device.objects.get()).send(made.parcel(made.passage()))
        before = FoldPosition.objects.get(pk=1).next_tx
        catch_up(worker_session())
        folded.append(FoldPosition.objects.get(pk=1).next_tx > before)
        return packed(*words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(backing_up, "dumping", folds)
    backed_up(cluster, folder)
    assert folded == [True]


def test_the_key_archive_is_made_after_the_dump_and_named_before_it(
    city: list[Json], cluster: Cluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever it is interrupted, the newest keys fit every data archive that has a name."""
    named: list[str] = []
    replace = os.replace

    def seen(source: object, target: object) -> None:
        named.append(Path(str(target)).suffix)
        replace(source, target)  # type: ignore[type-var]

    monkeypatch.setattr(os, "replace", seen)
    packed = seen_when_packed(monkeypatch, folder)
    backed_up(cluster, folder)
    assert named == [KEYS, ".json", DATA]
    assert packed == [True], "the dump lay whole beside it when the keys were read"


def seen_when_packed(monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[bool]:

    packed, seen = archives_of_keys.packed, []

    def looking(*words: object, **more: object) -> bytes:
        (part,) = folder.glob(".data-*.part")
        seen.append(part.stat().st_size > 10_000)
        return packed(*words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(archives_of_keys, "packed", looking)
    return seen


def test_only_the_newest_key_archive_and_so_many_data_archives_are_kept(
    city: list[Json], cluster: Cluster, folder: Path
) -> None:
    (folder / "holiday.lfkeys").write_bytes(b"somebody's own file")
    first = backed_up(cluster, folder)
    kept = os.open(first.keys, os.O_RDONLY)
    for hours in (24, 48):
        last = backed_up(cluster, folder, at=AT + timedelta(hours=hours), keep=2)
    assert archives_in(folder, KEYS) == [last.keys]
    assert [path.name[5:13] for path in archives_in(folder, DATA)] == ["20261127", "20261128"]
    assert len(list(folder.glob("*.json"))) == 2
    assert not os.pread(kept, 16, 0).startswith(b"lianfang"), "overwritten before it went"
    os.close(kept)
    assert (folder / "holiday.lfkeys").read_bytes() == b"somebody's own file"
    assert newest_pair(folder, folder) == (last.data, last.keys)


def test_a_second_backup_in_the_same_second_has_a_name_of_its_own(
    city: list[Json], cluster: Cluster, folder: Path
) -> None:
    first, second = backed_up(cluster, folder), backed_up(cluster, folder)
    assert first.data != second.data
    assert first.data.exists()


def test_when_a_days_key_is_missing_it_says_so_and_older_key_archives_stay(
    city: list[Json], cluster: Cluster, folder: Path, a_key_away: Path
) -> None:
    earlier = folder / "keys-20261125T020000Z.lfkeys"
    earlier.write_bytes(b"perhaps the last to hold it")
    made = backed_up(cluster, folder)
    yesterday = (today() - timedelta(days=1)).isoformat()
    assert made.manifest.days_without_key == {yesterday: 7}  # 2 passages, 3 people, a correction, a conflict
    assert earlier.read_bytes() == b"perhaps the last to hold it"


def test_a_key_that_no_master_opens_is_as_good_as_missing(city: list[Json]) -> None:
    file = settings.DATA.keys / f"day-{today()}.key"
    kept = file.read_bytes()
    file.write_bytes(kept[:-1] + bytes((kept[-1] ^ 1,)))
    try:
        with connections["owner"].cursor() as cursor:
            assert list(days_without_key(cursor, key_folder())) == [today().isoformat()]
    finally:
        file.write_bytes(kept)


def test_two_backups_at_once_into_one_folder_do_not_meet(
    city: list[Json], cluster: Cluster, folder: Path
) -> None:
    with taking_turns(folder):
        done = lianfang("backup", "--data", settings.DATA.path, "--to", folder)
    assert done.returncode == 3
    assert "另一次备份正在写" in done.stderr
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_not_there_is_not_made(city: list[Json], cluster: Cluster, tmp_path: Path) -> None:
    """An unmounted disk's mount point must not fill the disk beneath it."""
    with pytest.raises(Trouble, match="磁盘挂上了吗"):
        backed_up(cluster, tmp_path / "not-mounted")
    assert not (tmp_path / "not-mounted").exists()


def test_another_installations_backups_are_left_alone(
    city: list[Json], cluster: Cluster, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new city that came up on an empty mount point must not erase the last keys of the old one."""
    ours = backed_up(cluster, folder)
    new = DataFolder.open(tmp_path / "new")
    monkeypatch.setattr(settings, "DATA", new)
    for lying in (folder, tmp_path):
        if lying == tmp_path:  # keys alone, without a manifest beside them
            ours.keys.rename(tmp_path / ours.keys.name)
        with pytest.raises(Trouble, match="另一个数据文件夹的备份"):
            backed_up(cluster, lying)
        assert archives_in(lying, KEYS)
    assert archives_in(folder, DATA) == [ours.data]


def test_a_data_folder_without_a_city_is_not_backed_up(folder: Path, tmp_path: Path) -> None:
    done = lianfang("backup", "--data", tmp_path / "mistyped", "--to", folder)
    assert done.returncode == 3
    assert "没有数据库" in done.stderr
    assert list(folder.iterdir()) == []


def test_too_little_space_is_said_before_anything_is_written(
    city: list[Json], cluster: Cluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "SPARE", 1 << 60)
    with pytest.raises(Trouble, match="只剩"):
        backed_up(cluster, folder)
    assert list(folder.iterdir()) == []


def test_a_disk_that_fills_up_leaves_no_half_archive_and_the_earlier_ones(
    city: list[Json], cluster: Cluster, folder: Path
) -> None:
    earlier = backed_up(cluster, folder)
    before = sorted(folder.iterdir())

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    done = lianfang("backup", "--data", settings.DATA.path, "--to", folder, preexec_fn=little_room)
    assert done.returncode == 3
    assert "写满了" in done.stderr
    assert sorted(folder.iterdir()) == before
    assert manifest_of(earlier.data)
    assert processes_in(folder) == []


def test_killed_in_the_middle_it_leaves_no_archive_with_a_name_and_no_process(
    city: list[Json], cluster: Cluster, folder: Path
) -> None:
    running = subprocess.Popen(
        command("backup", "--data", settings.DATA.path, "--to", folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while not list(folder.glob(".*.part")) and time.monotonic() < until:
        time.sleep(0.002)
    running.kill()
    running.wait()
    assert not archives_in(folder, DATA)
    while processes_in(folder) and time.monotonic() < until:  # pg_dump finds nobody reading
        time.sleep(0.05)
    assert processes_in(folder) == []
    made = backed_up(cluster, folder)
    assert not list(folder.glob(".*"))
    assert manifest_of(made.data)


def test_the_command_answers_in_words_and_in_json_and_writes_down_when(
    city: list[Json], cluster: Cluster, folder: Path
) -> None:
    secret = folder.parent / "passphrase"
    secret.write_text("绿水青山就是金山银山，不要写在纸上\n", encoding="utf-8")
    done = lianfang(
        "backup", "--data", settings.DATA.path, "--to", folder, "--passphrase-file", secret, "--json"
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["tables"]["passage"] == 2 * DAYS
    assert answer["days_without_key"] == {}
    assert not [words for words in answer["warnings"] if "口令" in words]
    assert b"SCRYPT" in Path(answer["keys"]).read_bytes()[:60]
    assert json.loads(settings.DATA.backup_file.read_text())["to"] == str(folder)
    open_to_all = lianfang("backup", "--data", settings.DATA.path, "--to", folder)
    assert "密钥备份没有口令" in open_to_all.stdout
    assert "旧的密钥备份已抹除 1 份" in open_to_all.stdout


def test_a_manifest_that_cannot_be_read_is_said_in_a_sentence(folder: Path) -> None:
    archive = folder / "data-20261126T020000Z.lfdata"
    assert manifest_of(archive) is None
    for content in (b"", b"{}", b'{"lianfang": 1}', b"\xff"):
        archive.with_suffix(".json").write_bytes(content)
        with pytest.raises(Trouble, match="备份说明"):
            manifest_of(archive)
    assert Manifest.__struct_fields__[0] == "lianfang"


def test_the_doctor_names_secrets_that_others_can_read_and_a_backup_that_is_late(
    city: list[Json], cluster: Cluster, folder: Path
) -> None:
    loose = settings.DATA.keys / f"day-{today()}.key"
    loose.chmod(0o644)
    late = {"at": (datetime.now(UTC) - timedelta(hours=40)).isoformat(), "to": "/backup"}
    settings.DATA.backup_file.write_text(json.dumps(late))
    try:
        done = lianfang("doctor", "--data", settings.DATA.path, "--json")
    finally:
        loose.chmod(0o600)
        settings.DATA.backup_file.unlink()
    findings = {f["what"]: f for f in json.loads(done.stdout.splitlines()[-1])["findings"]}
    assert not findings["密钥目录 / key folder"]["ok"]
    assert loose.name in findings["密钥目录 / key folder"]["words"]
    assert not findings["备份 / backup"]["ok"]
    assert "40 小时前" in findings["备份 / backup"]["words"]


def test_the_master_key_is_replaced_by_command_and_noted(city: list[Json], cluster: Cluster) -> None:
    before = (settings.DATA.keys / "master.key").read_bytes()
    done = lianfang("keys", "rotate", "--data", settings.DATA.path, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["wrapped"] >= DAYS
    assert (settings.DATA.keys / "master.key").read_bytes() != before
    with connections["owner"].cursor() as cursor:
        assert days_without_key(cursor, key_folder()) == {}
        cursor.execute("SELECT act FROM audit_entry ORDER BY number DESC LIMIT 1")
        assert cursor.fetchone() == ("KEYS_ROTATED",)
    listed = lianfang("keys", "list", "--data", settings.DATA.path)
    assert f"{today()}" in listed.stdout
