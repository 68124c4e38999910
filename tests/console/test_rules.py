"""lianfang screening rules and show: what they say and what they exit with."""

import argparse
import json
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from lianfang.console import screening
from lianfang.console.screening import rules, show
from lianfang.machine.postgres import Database
from lianfang.machine.trouble import Trouble
from lianfang.screening import services
from lianfang.screening.book import HEARD_AFTER
from lianfang.screening.models import RulePeriod
from lianfang.screening.queries import book
from lianfang.screening.shipped import SHIPPED, shipped
from tests import factories
from tests.doors.desk import make_places


@pytest.fixture(autouse=True)
def here(clean: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database at hand instead of a data folder's own."""
    make_places()
    for act in (rules, show):
        monkeypatch.setattr(act, "running", lambda progress=None: nullcontext())


def asked(*words: str) -> int:
    parser = argparse.ArgumentParser()
    screening.add(parser)
    return screening.run(parser.parse_args(words))


def approved(at: datetime, *, days: int = 14) -> str:
    draft = services.begin(by=factories.officer(name="甲"), at=at, from_="liaoning-2020-02-05")
    services.propose(by=factories.officer(name="甲"), at=at, id=draft.id, days=days, reason="辽指发1号")
    services.approve(by=factories.officer(name="乙"), at=at - HEARD_AFTER, id=draft.id)
    return book(anew=True).at(at).rule_set.hash


def test_what_is_in_force_and_what_was_before(capsys: pytest.CaptureFixture[str]) -> None:
    named = approved(datetime.now(UTC))
    assert asked("rules") == 0
    said = capsys.readouterr().out
    assert said.startswith("辽宁省 2020年2月5日 三十条 / ")
    assert named in said
    assert "还有 13 天" in said
    assert "甲 → 乙  辽指发1号" in said
    assert "重点地区来人隔离观察" in said  # before
    assert asked("rules", "--json") == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["hash"], told["lapsed"], len(told["areas"])) == (named, False, 1)
    assert told["history"][0]["approved_by"] == "乙"


def test_rules_that_lapsed_are_told_and_exit_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    approved(datetime.now(UTC) - timedelta(days=3), days=1)
    assert asked("rules") == 1
    assert "没有续期" in capsys.readouterr().out
    assert asked("rules", "--json") == 1
    assert json.loads(capsys.readouterr().out)["areas"] == []


def test_rules_that_were_ended_are_not_told_to_have_lapsed(capsys: pytest.CaptureFixture[str]) -> None:
    at = datetime.now(UTC)
    approved(at - timedelta(hours=2))
    services.end(by=factories.officer(name="丙"), at=at - timedelta(hours=1), reason="令有误")
    book(anew=True)
    assert asked("rules") == 1
    said = capsys.readouterr().out
    assert "由值班员停用" in said
    assert "没有续期" not in said


def test_a_city_without_rules_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    RulePeriod.objects.all().delete()
    book(anew=True)
    assert asked("rules") == 0
    assert "还没有人批准过规则" in capsys.readouterr().out


@pytest.mark.parametrize("code", SHIPPED)
def test_a_rule_set_is_told_in_words_of_both_languages(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("show", code) == 0
    said = capsys.readouterr().out
    for row in shipped(code).content["rows"]:
        assert said.count(f"  {row['row']}  ") == 2
        assert row["say"]["zh"] in said
        assert row["say"]["en"] in said
    assert "体温 ≥ 37.3 °C" in said
    assert asked("show", code, "--json") == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["content"] == json.loads(json.dumps(shipped(code).content))
    assert [row["row"] for row in told["words"]["en"]["rows"]] == [
        row["row"] for row in told["content"]["rows"]
    ]


def test_a_rule_set_is_shown_by_its_hash_and_one_that_never_was_here_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    named = approved(datetime.now(UTC))
    assert asked("show", named) == 0
    assert capsys.readouterr().out.startswith(named)
    for wrong in ("0123456789abcdef", "nothing", "", "'; --"):
        with pytest.raises(Trouble):
            asked("show", wrong)
