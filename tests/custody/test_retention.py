"""Every table has a class; the page, the code and the catalogue say the same, and a city changes what it may."""

import re
from datetime import date, timedelta

import pytest
from django.db import connections

from lianfang.custody.clearing import _MEASURE
from lianfang.custody.retention import CLASSES, TABLES, Over, over, set_retention
from lianfang.custody.subjects import OBSERVING
from lianfang.journeys.rescreening.changes import BEHIND_THE_GATE
from lianfang.kernel.refusals import Refusal
from lianfang.machine.postgres import Database
from lianfang.screening.form import MEASURES
from tests import factories
from tests.custody.conftest import NOW, TODAY
from tests.house.sources import ROOT

PAGE = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
CATALOGUE = """
SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = current_schema()::regnamespace
"""


def test_the_page_and_the_code_give_every_table_the_same_class() -> None:
    said = dict(re.findall(r"^### (\w+).*\nClass: (\w+)", PAGE, re.MULTILINE))
    assert said == TABLES
    assert set(TABLES.values()) <= set(CLASSES)


def test_the_catalogue_has_no_table_without_a_class(clean: Database) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(CATALOGUE)
        assert {name for (name,) in cursor.fetchall()} == set(TABLES)


def test_every_place_that_asks_which_measures_go_on_means_the_same() -> None:
    """Kept longer are those of which somebody is released; a grid's list shows who must be told besides."""
    sql = ROOT / "lianfang/migrations/sql"
    rosters, grids = ((sql / name).read_text(encoding="utf-8") for name in ("rosters.sql", "grid_lists.sql"))
    told = re.findall(r"measures && ARRAY\[(.+?)\]|'kind' IN \((.+?)\)", rosters + grids)
    lasting = frozenset(BEHIND_THE_GATE)
    assert {frozenset(re.findall(r"'(\w+)'", one or other)) for one, other in told} == {lasting}
    index = (ROOT / "lianfang/migrations/sql/custody.sql").read_text(encoding="utf-8")
    assert f"WHERE {_MEASURE};" in index
    kept = set(re.findall(r"[A-Z_]{4,}", _MEASURE))
    assert kept == OBSERVING == lasting - {"NOTIFY_GRID"}
    assert kept | {"NOTIFY_GRID"} == lasting <= set(MEASURES)
    assert "stood.day + 13" in grids  # a grid sees them on fourteen days
    assert (CLASSES["passing"].days or 0) >= 14  # a grid sees names for as long as its list goes back
    for said in ("QUARANTINE or FEVER_CLINIC", "NOTIFY_GRID is none", "for 14 days"):
        assert said in PAGE


def test_the_page_says_the_defaults_of_the_code() -> None:
    how_long = PAGE.split("## How long")[1].split("\n## ")[0]
    rows = dict(re.findall(r"^\| (\w+) \| .+? \| (.+?) \|", how_long, re.MULTILINE))
    assert set(rows) - {"class"} == set(CLASSES)
    assert f"{CLASSES['passing'].days} days" in rows["passing"]
    assert f"{CLASSES['measure'].days} days" in rows["measure"]
    assert f"{CLASSES['audit'].days} days" in rows["audit"]


def test_a_measure_never_shortens_what_is_held(clean: Database) -> None:
    security = factories.officer("SECURITY_ADMINISTRATOR")
    assert over(NOW).measure == TODAY - timedelta(days=14 + 60 + 1)
    set_retention(by=security, at=NOW, code="measure", days=1, reason="案件调查")
    assert over(NOW).measure == TODAY - timedelta(days=28 + 1), "the longest quarantine may go on for as long"
    set_retention(by=security, at=NOW, code="passing", days=90, reason="案件调查")
    set_retention(by=security, at=NOW, code="measure", days=1, reason="案件调查")
    assert over(NOW) == Over(*(TODAY - timedelta(days=days) for days in (91, 91, 61)))


@pytest.mark.parametrize(
    ("code", "days", "refused"),
    [
        ("passing", 0, "DAYS_OUT_OF_BOUNDS"),
        ("passing", 91, "DAYS_OUT_OF_BOUNDS"),
        ("measure", 366, "DAYS_OUT_OF_BOUNDS"),
        ("audit", 182, "DAYS_OUT_OF_BOUNDS"),
        ("declared", 2, "CLASS_UNKNOWN"),
        ("register", 2, "CLASS_UNKNOWN"),
        ("nonsense", 2, "CLASS_UNKNOWN"),
    ],
)
def test_a_period_out_of_bounds_is_refused(clean: Database, code: str, days: int, refused: str) -> None:
    security = factories.officer("SECURITY_ADMINISTRATOR")
    with pytest.raises(Refusal, match=refused):
        set_retention(by=security, at=NOW, code=code, days=days, reason="原因")


def test_only_the_security_administrator_sets_a_period_and_says_why(clean: Database) -> None:
    with pytest.raises(Refusal, match="NOT_PERMITTED"):
        set_retention(by=factories.officer(), at=NOW, code="passing", days=10, reason="原因")
    security = factories.officer("SECURITY_ADMINISTRATOR")
    with pytest.raises(Refusal, match="REASON_MISSING"):
        set_retention(by=security, at=NOW, code="passing", days=10, reason="  ")
    set_retention(by=security, at=NOW, code="passing", days=10, reason="原因")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT subject, details->>'days', details->>'before' FROM audit_entry WHERE act = 'RETENTION_CHANGED'"
        )
        assert cursor.fetchall() == [("PASSING", "10", "28")]


def test_a_month_is_over_with_its_last_day() -> None:
    february = date(2020, 2, 1)
    assert Over(date(2020, 2, 29), TODAY, TODAY).whole_month(february)
    assert not Over(date(2020, 2, 28), TODAY, TODAY).whole_month(february)
