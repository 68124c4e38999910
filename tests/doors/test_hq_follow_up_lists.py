"""A list of whom to call, visit or bring to a clinic, of one place and page by page: nobody falls off its end."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from lianfang.doors.hq.quarantine import follow_ups as pages
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical
from lianfang.quarantine.queries import follow_ups
from tests.doors.desk import text
from tests.doors.test_hq_check_in_lists import asked, page, silent
from tests.people.town import GRID, OTHER_GRID, own_keys, town  # noqa: F401 -- fixtures
from tests.quarantine.ward import Ward, ward  # noqa: F401 -- a fixture


def test_a_list_of_one_place_counts_closes_and_prints_its_own(ward: Ward, desk: Client, at: datetime) -> None:  # noqa: F811
    call = asked(silent(ward, at, 2), "CALL")
    silent(ward, at, 2, name="司马小红", division=OTHER_GRID)
    there = {"division": OTHER_GRID}
    told = text(desk.get(page("calls")))
    assert ("欧阳**" in told, "司马**" in told) == (True, True)
    told = text(desk.get(page("calls"), there))
    assert ("欧阳**" in told, "司马**" in told) == (False, True)
    assert re.search(r'data-testid="calls-open">0<[^>]*> / 1 ', told)
    onward = f"?division={canonical(OTHER_GRID)}"
    for name in ("visits", "symptomatic", "supervision"):
        assert f'href="{page(name)}{onward}"' in told, name
        assert f'href="{page("calls")}{onward}"' in text(desk.get(page(name), there)), name
    sheet = text(desk.post(page("calls/sheet"), there))
    assert ("欧阳小明" in sheet, "司马小红" in sheet) == (False, True)
    (entry,) = AuditEntry.objects.using("owner").filter(act="EXPORTED")
    assert (entry.count, entry.details["division"]) == (1, canonical(OTHER_GRID))
    closed = desk.post(page(f"follow-ups/{call.id}/close") + f"?division={GRID}", {"outcome": "WELL"})
    assert closed["Location"] == f"{page('calls')}?division={canonical(GRID)}"


@pytest.mark.parametrize("odd", ["x", "2103'", "9" * 40])
def test_what_is_no_place_narrows_nothing(ward: Ward, desk: Client, at: datetime, odd: str) -> None:  # noqa: F811
    call = asked(silent(ward, at, 2), "CALL")
    assert "欧阳**" in text(desk.get(page("calls"), {"division": odd}))
    assert "欧阳小明" in text(desk.post(page("calls/sheet"), {"division": odd}))
    closed = desk.post(
        page(f"follow-ups/{call.id}/close"), {"outcome": "WELL"}, QUERY_STRING=f"division={odd}"
    )
    assert closed["Location"] == page("calls")


def test_a_long_list_goes_on_and_whoever_closes_one_stays_where_he_was(
    ward: Ward,  # noqa: F811
    desk: Client,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(follow_ups, "MOST_LISTED", 1)
    for name in ("欧阳小明", "司马小红"):
        silent(ward, at, 2, name=name)
    first = text(desk.get(page("calls")))
    (onward,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = text(desk.get(onward))
    assert {name for name in ("欧阳**", "司马**") if name in first} ^ {
        name for name in ("欧阳**", "司马**") if name in second
    } == {"欧阳**", "司马**"}
    assert 'rel="next"' not in second
    after = onward.partition("?")[2]
    assert f'name="after" value="{after.removeprefix("after=")}"' in second
    sheet = text(desk.post(page("calls/sheet"), {"after": after.removeprefix("after=")}))
    assert f'href="{page("calls")}?{after}"' in sheet, "back to that page"
    closing, *_ = re.findall(r'action="(/desk/quarantine/follow-ups/[^"]+)"', second)
    assert desk.post(closing, {"outcome": "WELL"})["Location"] == f"{page('calls')}?{after}"


@pytest.mark.parametrize(
    "odd", ["x", "9_zz", "99999999999999999_" + "0" * 8 + "-0000" * 3 + "-" + "0" * 12, "1_" + "-" * 36]
)
def test_where_no_list_goes_on_it_begins(ward: Ward, desk: Client, at: datetime, odd: str) -> None:  # noqa: F811
    silent(ward, at, 2)
    told = text(desk.get(page("calls"), {"after": odd}))
    assert ("欧阳**" in told) != odd.startswith("9999")


def test_after_a_refusal_the_list_narrows_at_its_own_address(
    ward: Ward,  # noqa: F811
    desk: Client,
    at: datetime,
) -> None:
    call = asked(silent(ward, at, 2), "CALL")
    refused = text(desk.post(page(f"follow-ups/{call.id}/close") + f"?division={GRID}", {}))
    links = re.findall(r'href="([^"]*division=[^"]*|[^"]*calls[^"]*)"', refused)
    assert links
    for link in links:
        assert desk.get(link).status_code == 200, link


def test_of_whom_no_visit_found_the_newest_stand_first_and_the_cut_is_said(
    ward: Ward,  # noqa: F811
    desk: Client,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(follow_ups, "MOST_LISTED", 1)
    monkeypatch.setattr(pages, "MOST_LISTED", 1)
    for name, ago in (("司马小红", 1), ("欧阳小明", 3)):
        one = ward.in_place(
            person=ward.person(name=name), at=at - timedelta(hours=9), day0=day_of(at - timedelta(hours=9))
        )
        ward.followed(one, "VISIT", at - timedelta(hours=ago), "NOT_THERE")
    told = text(desk.get(page("visits")))
    assert ("司马**" in told, "欧阳**" in told) == (True, False)
    assert "只列最近的 1 件" in told
