"""A city comes back from its two archives as it was: this is the restore that verifies what a backup is worth."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from lianfang.command.models import Officer
from lianfang.command.services import worker_session
from lianfang.custody import archives_of_keys
from lianfang.custody.backing_up import Backup, back_up
from lianfang.custody.restoring import look, new_folder
from lianfang.kernel.key_folder import KeyFolder
from lianfang.kernel.sealing import PROVIDERS
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Cluster, Database
from lianfang.machine.postgres.binaries import candidates
from lianfang.machine.postgres.roles import Admin, connect
from lianfang.machine.progress import Silent
from lianfang.machine.trouble import Trouble
from lianfang.situation.clerk import count_all_tables
from lianfang.situation.fold import catch_up
from tests.custody import asking
from tests.custody.archived import DAYS, PASSPHRASE, command, demolish, lianfang, owner_of, settle
from tests.custody.conftest import NOW, OLD, YOUNG, Gate
from tests.custody.test_written import MEASURE_OVER, referred, write
from tests.factories import Json, today

# What is as it was, row by row. The rest is counted (cells, people) or belongs to a moment (sessions, positions).
SAME = (
    "passage", "registration", "correction", "conflict_item", "officer", "posting", "device", "checkpoint", "region",
    "region_alias", "last_record", "last_sent", "purge", "retention_rule", "rescreening", "rescreened",
    "django_migrations", "person", "person_call", "household", "stay_in_household",
)  # fmt: skip
CATALOGUE = {
    "policies": "SELECT tablename, policyname, cmd, roles::text, qual, with_check FROM pg_policies ORDER BY 1, 2",
    "grants": "SELECT relname, relacl::text, relrowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " AND relkind IN ('r', 'p', 'S', 'v') ORDER BY 1",
    "columns": "SELECT a.attrelid::regclass::text, a.attname, a.attacl::text FROM pg_attribute a"
    " JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'public'::regnamespace AND a.attacl IS NOT NULL ORDER BY 1, 2",
    "functions": "SELECT p.oid::regprocedure::text, p.proacl::text, p.prosecdef, p.proconfig::text,"
    " pg_get_userbyid(p.proowner) FROM pg_proc p WHERE p.proname LIKE 'lianfang%' ORDER BY 1",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE, encoding="utf-8")
    return file


@pytest.fixture
def into(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "new"
    yield folder
    demolish(folder)


def backed_up(cluster: Cluster, to: Path, passphrase: str | None = PASSPHRASE) -> Backup:
    return back_up(cluster, to=to, keys_to=to, passphrase=passphrase, keep=9, at=NOW, progress=Silent())


def words(made: Backup, secret: Path, into: Path) -> list[object]:
    return [
        "restore", "--data-archive", made.data, "--keys-archive", made.keys, "--passphrase-file", secret,
        "--into", into, "--json",
    ]  # fmt: skip


def asked_of(into: Path, officer: str, searches: list[tuple[str, str]]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.custody.asking"],
        input=json.dumps({"officer": officer, "searches": searches}),
        env={**os.environ, "LIANFANG_DATA": str(into), "DJANGO_SETTINGS_MODULE": "lianfang.project.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def everything(connection: Admin) -> dict[str, list[str]]:
    """Rows of the tables that must be the same, and what says who may do what with them."""
    connection.execute("SET TIME ZONE 'UTC'")
    found = {name: _rows(connection, f"SELECT t::text FROM {name} t ORDER BY 1") for name in SAME}
    return found | {name: _rows(connection, statement) for name, statement in CATALOGUE.items()}


def _rows(connection: Admin, statement: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)  # type: ignore[arg-type]
        return [str(row) for row in cursor.fetchall()]


def test_a_restored_city_is_the_same_row_by_row_and_right_by_right(
    clean: Database, cluster: Cluster, folder: Path, secret: Path, into: Path
) -> None:
    (passage, *_) = settle(clean)
    made = backed_up(cluster, folder)
    with connect(clean, "owner") as connection:
        before = everything(connection)
    cells = asking.cells_in(connections["owner"].cursor())
    done = lianfang(*words(made, secret, into))
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["good"]
    assert report["differing"] == {}
    assert report["tables"] == made.manifest.tables
    with owner_of(into) as connection:
        after = everything(connection)
        assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
        assert (
            _rows(connection, "SELECT 1 FROM officer_session WHERE closed_at IS NULL AND kind = 'DESK'") == []
        )
        (noted,) = _rows(connection, "SELECT act, subject FROM audit_entry WHERE act = 'RESTORED'")
        assert made.data.name in noted
    person = passage["people"][0]
    searches = [("DOCUMENT", person["document"]["number"]), ("PHONE", person["phone"])]
    answer = asked_of(into, Officer.objects.get(name="值班员").sign_in_name, searches)
    assert answer["found"] == [1, 1]
    assert any(person["name"] in text for text in answer["texts"])
    assert (answer["cells"], answer["differing"]) == (json.loads(json.dumps(cells)), 0)
    following, highest = answer["numbers"]
    assert following > highest, "what is written now comes after all that was restored"
    assert not (into / "restoring.json").exists()


def test_the_newest_pair_is_verified_by_restoring_it_and_nothing_of_that_stays(
    clean: Database, cluster: Cluster, folder: Path, secret: Path, tmp_path: Path
) -> None:
    settle(clean)
    made = backed_up(cluster, folder)
    verify = [
        "backup",
        "--data",
        tmp_path / "city",
        "--to",
        folder,
        "--passphrase-file",
        secret,
        "--verify",
        "--json",
    ]
    done = lianfang(*verify)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert (answer["archive"], answer["good"], answer["days"], answer["unopened"]) == (
        made.data.name,
        True,
        DAYS,
        [],
    )
    assert not (tmp_path / "city" / "verify").exists()


def test_an_old_archive_with_todays_keys_is_blind_for_what_was_purged(
    gate: Gate, cluster: Cluster, folder: Path, secret: Path, into: Path
) -> None:
    """Dumped, purged, restored from the old dump with the new keys: searches find nothing, figures are the same."""
    old, young = gate.register(OLD), gate.register(YOUNG)
    gate.correct(OLD, old["people"][0]["id"], {"phone": "13900009999"})
    note = write(gate, referred(gate, MEASURE_OVER), on=MEASURE_OVER)
    worker = worker_session()
    catch_up(worker)  # today: a restore settles every day since the first fold
    count_all_tables(worker)
    cells = json.loads(json.dumps(asking.cells_in(connections["owner"].cursor())))
    before = backed_up(cluster, folder)
    officer = Officer.objects.get(pk=gate.desk.officer_id).sign_in_name
    gate.purge()
    after = backed_up(cluster, folder)
    assert not before.keys.exists(), "the keys of before are gone"
    with_todays_keys = Backup(before.data, after.keys, before.manifest, [], [])
    done = lianfang(*words(with_todays_keys, secret, into))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["purged"] == {
        "passage": 2,
        "registration": 2,
        "correction": 1,
        "referral_event": 1,
    }
    answer = asked_of(into, officer, [*_searches(old), ("PHONE", "13900009999"), *_searches(young)])
    assert answer["found"] == [0, 0, 0, 0, 1, 1, 1]
    texts = "".join(answer["texts"])
    assert young["people"][0]["name"] in texts
    for said in (
        old["people"][0]["name"],
        old["people"][0]["document"]["number"],
        old["plate"],
        "13900009999",
    ):
        assert said not in texts
    assert answer["cells"] == cells
    assert answer["differing"] == 0
    assert not list((into / "keys").glob(f"*{OLD}*"))
    with owner_of(into) as restored:
        found = restored.execute(
            "SELECT state, wrapped_key, sealed FROM referral_event WHERE id = %s", [note]
        )
        assert found.fetchone() == ("NOT_HERE", None, None)


def _searches(passage: Json) -> list[tuple[str, str]]:
    person = passage["people"][0]
    return [
        ("DOCUMENT", person["document"]["number"]), ("PHONE", person["phone"]), ("PLATE", passage["plate"]),
    ]  # fmt: skip


def test_killed_in_the_middle_nobody_can_work_in_it_and_the_next_restore_begins_anew(
    clean: Database, cluster: Cluster, folder: Path, secret: Path, into: Path
) -> None:
    settle(clean)
    made = backed_up(cluster, folder)
    running = subprocess.Popen(
        command(*words(made, secret, into)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 120
    while not (into / "database.json").exists() and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(1)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert (into / "restoring.json").exists()
    for refused in ("doctor", "web", "serve"):
        done = lianfang(refused, "--data", into)
        assert done.returncode == 3
        assert "恢复没有完成" in done.stderr
    done = lianfang(*words(made, secret, into))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["good"]


def test_keys_older_than_the_data_are_named_by_their_days(
    clean: Database, cluster: Cluster, folder: Path, secret: Path, into: Path, tmp_path: Path
) -> None:
    """The newest day's file is not in the archive that somebody kept; the rest comes back, and every doubt is said."""
    settle(clean)
    made = backed_up(cluster, folder, passphrase=None)
    manifest = made.data.with_suffix(".json")
    manifest.write_text(manifest.read_text().replace('"correction": 3', '"correction": 4'))
    newest = _without_a_day(made.keys, tmp_path)
    done = lianfang(*words(Backup(made.data, newest, made.manifest, [], []), secret, into))
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert list(report["days_without_key"].values()) == [7]
    assert report["differing"] == {"correction": [4, 3]}
    assert not report["good"]


def _without_a_day(keys: Path, tmp_path: Path) -> Path:
    """The same archive by hand, without the last day's key."""
    unpacked = DataFolder.open(tmp_path / "older")
    archives_of_keys.unpack(archives_of_keys.opened(keys.read_bytes(), passphrase=None), unpacked)
    (unpacked.keys / f"day-{today().isoformat()}.key").unlink()
    older = tmp_path / "older.lfkeys"
    older.write_bytes(archives_of_keys.packed(unpacked, passphrase=None, provider=PROVIDERS["AES"]))
    return older


SYSTEM = [binaries for binaries in candidates() if binaries.origin == "SYSTEM" and binaries.major < 18]


@pytest.mark.skipif(not SYSTEM, reason="no older PostgreSQL on this machine")
@pytest.mark.skipif("LIANFANG_POSTGRES_BIN" in os.environ, reason="this run has chosen its PostgreSQL")
def test_an_archive_of_an_older_postgresql_comes_back_in_a_newer_one_and_not_the_other_way_round(
    folder: Path, secret: Path, into: Path, tmp_path: Path
) -> None:
    older = {**os.environ, "LIANFANG_POSTGRES_BIN": str(SYSTEM[0].bin_dir)}
    newer = {name: value for name, value in os.environ.items() if name != "LIANFANG_POSTGRES_BIN"}
    try:
        assert lianfang("recount", "--data", tmp_path / "old", env=older).returncode == 0
        done = lianfang("backup", "--data", tmp_path / "old", "--to", folder, "--json", env=older)
        assert done.returncode == 0, done.stderr
    finally:
        demolish(tmp_path / "old")
    answer = json.loads(done.stdout.splitlines()[-1])
    restore = ["restore", "--data-archive", answer["data"], "--keys-archive", answer["keys"], "--into", into]
    done = lianfang(*restore, "--json", env=newer)
    assert done.returncode == 0, done.stderr
    with owner_of(into) as connection:
        assert connection.info.server_version >= 180000
    done = lianfang("backup", "--data", into, "--to", folder, "--json", env=newer)
    answer = json.loads(done.stdout.splitlines()[-1])
    restore = [
        "restore",
        "--data-archive",
        answer["data"],
        "--keys-archive",
        answer["keys"],
        "--into",
        tmp_path / "back",
    ]
    done = lianfang(*restore, env=older)
    assert done.returncode == 3
    assert "更新的 PostgreSQL" in done.stderr


@pytest.fixture
def pair(clean: Database, cluster: Cluster, folder: Path) -> Backup:
    """Of an empty city; what is wrong with it is found before anything is made."""
    return backed_up(cluster, folder, passphrase=None)


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return new_folder(tmp_path / "looked")


def looked(data: DataFolder, archive: Path, keys: Path) -> None:
    look(data, archive=archive, keys=keys, passphrase=None, progress=Silent())


def test_a_good_pair_is_looked_at_and_nothing_is_made(pair: Backup, data: DataFolder) -> None:
    looked(data, pair.data, pair.keys)
    assert list(data.path.iterdir()) == []


def test_archives_given_the_wrong_way_round_are_told_apart(pair: Backup, data: DataFolder) -> None:
    with pytest.raises(Trouble, match="放反了"):
        looked(data, pair.keys, pair.data)
    with pytest.raises(Trouble, match="不是数据备份"):
        looked(data, pair.keys, pair.keys)
    with pytest.raises(Trouble, match="不是密钥备份"):
        looked(data, pair.data, pair.data)
    with pytest.raises(Trouble, match="读不出来"):
        looked(data, pair.data.with_name("missing"), pair.keys)


@pytest.mark.parametrize("left", [0, 4, 5, 60, 3_000, -1])
def test_a_data_archive_cut_short_is_refused_with_its_manifest_and_without(
    pair: Backup, data: DataFolder, left: int
) -> None:
    content = pair.data.read_bytes()
    pair.data.write_bytes(content[:left])
    with pytest.raises(Trouble, match=r"长度不对|不是数据备份"):
        looked(data, pair.data, pair.keys)
    if left == -1:
        return  # without a manifest pg_restore finds the end missing, if it is
    pair.data.with_suffix(".json").unlink()
    with pytest.raises(Trouble, match=r"读不出来|不是数据备份"):
        looked(data, pair.data, pair.keys)


def test_a_data_archive_with_a_changed_byte_is_refused(pair: Backup, data: DataFolder) -> None:
    content = bytearray(pair.data.read_bytes())
    content[-2_000] ^= 1
    pair.data.write_bytes(content)
    with pytest.raises(Trouble, match="内容变了"):
        looked(data, pair.data, pair.keys)


def test_keys_of_another_installation_are_refused(pair: Backup, data: DataFolder, tmp_path: Path) -> None:
    other = DataFolder.open(tmp_path / "other")
    KeyFolder(other.keys)
    pair.keys.write_bytes(archives_of_keys.packed(other, passphrase=None, provider=PROVIDERS["AES"]))
    with pytest.raises(Trouble, match="不是同一套系统"):
        looked(data, pair.data, pair.keys)


def test_tables_of_a_newer_program_are_refused(pair: Backup, data: DataFolder) -> None:
    manifest = pair.data.with_suffix(".json")
    manifest.write_text(manifest.read_text().replace(pair.manifest.migration, "0099_of_next_year"))
    with pytest.raises(Trouble, match="0099_of_next_year"):
        looked(data, pair.data, pair.keys)


def test_a_folder_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "keys").mkdir()
    with pytest.raises(Trouble, match="不是空的"):
        new_folder(tmp_path / "city")
    assert (tmp_path / "city" / "keys").exists()


def test_a_ledger_that_was_changed_stops_the_restore_and_nobody_can_work_in_it(
    gate: Gate, cluster: Cluster, folder: Path, into: Path, tmp_path: Path
) -> None:
    gate.register(OLD)
    gate.purge()
    made = backed_up(cluster, folder, passphrase=None)
    keys = DataFolder.open(tmp_path / "changed")
    archives_of_keys.unpack(archives_of_keys.opened(made.keys.read_bytes(), passphrase=None), keys)
    ledger = keys.keys / "purges.jsonl"
    ledger.write_text(ledger.read_text().replace('"previous":"0', '"previous":"1'))
    made.keys.write_bytes(archives_of_keys.packed(keys, passphrase=None, provider=PROVIDERS["AES"]))
    done = lianfang("restore", "--data-archive", made.data, "--keys-archive", made.keys, "--into", into)
    assert done.returncode == 3
    assert "销毁账" in done.stderr
    assert (into / "restoring.json").exists()


def test_a_foreign_server_is_not_restored_into(pair: Backup, into: Path) -> None:
    done = lianfang(
        "restore", "--data-archive", pair.data, "--keys-archive", pair.keys, "--into", into,
        env={**os.environ, "DATABASE_URL": "postgresql://somebody@localhost/postgres"},
    )  # fmt: skip
    assert done.returncode == 3
    assert "DATABASE_URL" in done.stderr
    assert not into.exists()
