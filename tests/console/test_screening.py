"""lianfang screening: what is fit and what is not, and the way to a workbook and back."""

import argparse
import json
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lianfang.console import screening
from lianfang.console.screening import sheet
from lianfang.console.screening.register import is_registered, place_named
from lianfang.machine.postgres import Database
from lianfang.machine.trouble import Trouble
from lianfang.screening.compiling import compiled
from lianfang.screening.rules import hash_of
from lianfang.screening.services import keep
from lianfang.screening.sheets import read_sheet
from lianfang.screening.shipped import SHIPPED, shipped
from tests.screening.written import condition, row, written


def asked(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    screening.add(parser)
    return screening.run(parser.parse_args([str(word) for word in words]))


def checked(file: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    code = asked("check", file, "--json")
    said: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert code == (0 if said["fit"] else 1)
    assert said["errors"] == sum(one["severity"] == "ERROR" for one in said["findings"])
    return said


@pytest.mark.parametrize("code", SHIPPED)
def test_what_comes_with_the_program_is_fit_as_a_workbook_and_as_json(
    code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = shipped(code).content
    plain = tmp_path / "rules.json"
    plain.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8-sig")
    assert asked("sheet", code, tmp_path / "rules.xlsx") == 0
    capsys.readouterr()
    for file in (plain, tmp_path / "rules.xlsx"):
        assert checked(file, capsys)["hash"] == hash_of(content)


def test_a_set_that_is_not_fit_is_told_by_row_and_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(written(row("hubei", condition("celcius", "AT_LEAST", 373)))))
    said = checked(file, capsys)
    assert [(one["row"], one["column"]) for one in said["findings"]] == [("hubei", "when.1.fact")]
    assert asked("check", file) == 1
    out = capsys.readouterr().out
    assert "celsius_tenths" in out
    assert "✗ hubei  when.1.fact" in out


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"form": ' + "9" * 5_000 + "}", "\x00\x01", "[]"])
def test_a_file_that_is_nothing_is_not_fit(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rules.json"
    file.write_text(text)
    assert checked(file, capsys)["fit"] is False


def test_a_file_that_is_not_there_is_trouble(tmp_path: Path) -> None:
    with pytest.raises(Trouble):
        asked("check", tmp_path / "nothing.xlsx")
    with pytest.raises(Trouble):
        asked("check", tmp_path)


def test_a_place_must_be_registered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(written(row("far", condition("from_code", "UNDER", ["429999"])))))
    assert [one["code"] for one in checked(file, capsys)["findings"]] == ["UNKNOWN_PLACE"]


def test_the_register_knows_the_country_to_its_counties_and_some_cities_further_down() -> None:
    assert all(map(is_registered, ("420000", "420100", "420106", "420106001", "210703", "210727001")))
    assert not any(map(is_registered, ("429999", "990000", "210727999", "429999001")))
    assert place_named("湖北省") == place_named("湖北") == "420000"
    assert place_named("铁东区") is None  # of several cities
    assert place_named("亚特兰蒂斯") is None


def test_a_workbook_is_never_written_over_another(tmp_path: Path) -> None:
    file = tmp_path / "rules.xlsx"
    assert asked("sheet", "basic", file) == 0
    before = file.read_bytes()
    with pytest.raises(Trouble):
        asked("sheet", "basic", file)
    assert file.read_bytes() == before


def test_a_set_of_the_database_is_known_by_its_hash(
    clean: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sheet, "running", lambda: nullcontext())
    content = shipped("jinzhou-2020").content
    kept = keep(content, at=datetime(2020, 2, 5, tzinfo=UTC))
    assert asked("sheet", kept.hash, tmp_path / "rules.xlsx") == 0
    read = read_sheet((tmp_path / "rules.xlsx").read_bytes(), name="rules.xlsx")
    assert compiled(read.raw).content == content
    with pytest.raises(Trouble):
        asked("sheet", "0" * 16, tmp_path / "none.xlsx")
    assert not (tmp_path / "none.xlsx").exists()
