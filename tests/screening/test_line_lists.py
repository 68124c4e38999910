"""The shipped rules and people nobody here made up: agreement with two published line lists, and why not where not.

What is found stands in docs/checks/line-lists.md; an engine or a rule set that decides otherwise changes its tables.
"""

from pathlib import Path

import pytest

from tests.screening.line_lists import (
    DXY,
    KINDS,
    PATIENTS,
    REPORT,
    SETS,
    TRAVEL,
    TRIPS,
    Listed,
    dxy,
    patients,
    quarantined,
    rule_set,
    table,
    to_the_clinic,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "checks" / "line-lists.md"
pytestmark = pytest.mark.skipif(
    not all(file.exists() for file in (DXY, PATIENTS, TRIPS)),
    reason="the line lists do not stand beside this repository",
)


@pytest.fixture(scope="module")
def lists() -> dict[str, list[Listed]]:
    return {"dxy": dxy(), "patients_cn": patients()}


@pytest.mark.parametrize("compared", [quarantined, to_the_clinic], ids=["quarantine", "fever clinic"])
def test_the_agreement_is_as_the_page_says(compared, lists: dict[str, list[Listed]]) -> None:
    found = table(compared, lists)
    assert found in PAGE.read_text(encoding="utf-8"), f"docs/checks/line-lists.md should say:\n{found}"


def test_every_disagreement_has_its_reason(lists: dict[str, list[Listed]]) -> None:
    for compared, kinds in KINDS.items():
        for listed in lists.values():
            for when in (TRAVEL, REPORT):
                for code in SETS:
                    found = compared(listed, when, code)
                    assert set(found.kinds) <= set(kinds) - {"unexplained"}
                    assert found.both + found.neither + sum(found.kinds.values()) == len(listed)


def test_whoever_a_list_says_was_there_within_fourteen_days_is_quarantined_by_every_set(
    lists: dict[str, list[Listed]],
) -> None:
    missed = {
        kind
        for listed in lists.values()
        for code in SETS
        for kind in quarantined([one for one in listed if one.from_there], TRAVEL, code).kinds
    }
    assert missed == {"no day at all", "no stay told"}  # nobody who said a stay


def test_nobody_of_whom_it_was_not_said_that_he_lives_elsewhere_is_proposed_to_be_turned_back(
    lists: dict[str, list[Listed]],
) -> None:
    every = [facts for listed in lists.values() for one in listed if (facts := one.facts(REPORT)) is not None]
    assert len(every) > 3000
    for code in SETS:
        assert not any(
            measure.kind == "TURN_BACK_PROPOSED"
            for facts in every
            for measure in rule_set(code).decide(facts).measures
        )
