"""lianfang audit: what it says, what it exits with, and what it makes of the heads kept earlier."""

import argparse
import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.db import connections

from lianfang.command.services import worker_session
from lianfang.console import audit
from lianfang.kernel.audit import Act, note
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.audit.sealing import seal_all
from lianfang.kernel.reach import reach
from lianfang.machine.postgres import Database
from lianfang.machine.trouble import Trouble


@pytest.fixture(autouse=True)
def here(clean: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database at hand instead of a data folder's own."""
    monkeypatch.setattr(audit, "running", lambda progress=None: nullcontext())


def asked(*words: str) -> int:
    parser = argparse.ArgumentParser()
    audit.add(parser)
    return audit.run(parser.parse_args(words))


def sealed() -> None:
    note(Act.SEARCHED, by=None)
    note(Act.SEARCHED, by=None)
    seal_all(worker_session())


def touch(statement: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)


def numbers() -> list[int]:
    with reach(worker_session()):
        return list(AuditEntry.objects.filter(act="SEARCHED").values_list("number", flat=True))


def test_an_empty_log_has_no_head_and_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("head") == 1
    assert asked("verify") == 0
    assert "nothing has been sealed yet" in capsys.readouterr().out


def test_a_head_is_one_line_and_is_found_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "heads.txt"
    for _ in range(2):
        sealed()
        assert asked("head") == 0
        (line,) = capsys.readouterr().out.splitlines()
        with kept.open("a") as file:
            file.write(line + "\n")
    assert asked("verify", "--head", str(kept)) == 0
    assert "all 2 heads" in capsys.readouterr().out


def test_what_was_touched_is_named_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    sealed()
    touch("UPDATE audit_entry SET count = 9")
    assert asked("verify") == 1
    said = capsys.readouterr().out
    assert "记录被改动 / Entries changed (2): " + ", ".join(map(str, sorted(numbers()))) in said
    assert "nothing was touched" not in said


def test_a_chain_without_the_head_that_was_kept_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sealed()
    asked("head")
    kept = tmp_path / "heads.txt"
    kept.write_text(capsys.readouterr().out)
    touch("TRUNCATE audit_entry, audit_block, audit_leaf")
    assert asked("verify") == 0
    assert asked("verify", "--head", str(kept)) == 1
    assert "留存的链头已不在链中" in capsys.readouterr().out


def test_as_json_it_is_one_object_for_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    sealed()
    asked("head", "--json")
    head = json.loads(capsys.readouterr().out)
    touch("DELETE FROM audit_entry WHERE number = (SELECT min(number) FROM audit_entry)")
    removed = min(numbers()) - 1
    assert asked("verify", "--json") == 1
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (found["sound"], found["wrong"], found["blocks"]) == (False, {"REMOVED": [removed]}, 1)
    assert found["head"]["line"] == head["line"]


def test_what_waits_to_be_sealed_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    sealed()
    note(Act.SEARCHED, by=None)
    assert asked("verify") == 0
    assert "1 条等待封存" in capsys.readouterr().out


def test_a_file_that_holds_no_head_is_told_apart_from_a_sound_chain(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("nothing")
    for file in (other, tmp_path / "missing.txt", tmp_path):
        with pytest.raises(Trouble):
            asked("verify", "--head", str(file))


def test_the_walk_itself_is_noted() -> None:
    sealed()
    asked("verify")
    with reach(worker_session()):
        entry = AuditEntry.objects.get(act="AUDIT_VERIFIED")
    assert (entry.officer_id, entry.details["whole"], entry.details["wrong"]) == (None, True, {})
