"""The call list of reminders at the desk: masked on the page, with numbers on a sheet that is noted, and counted alike."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from lianfang.command.roles import ROLES
from lianfang.doors.hq.quarantine import reminder_calls
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import reach
from lianfang.messages.rules import Channel
from lianfang.messages.services import MessageDraft, write_messages
from lianfang.quarantine.models import QuarantineOrder
from lianfang.quarantine.rules import half_day
from tests import factories
from tests.doors.desk import at_desk, text
from tests.factories import HAICHENG
from tests.people.town import GRID, OTHER_GRID, own_keys, town  # noqa: F401 -- fixtures
from tests.quarantine.test_lists import reported
from tests.quarantine.ward import Ward, ward  # noqa: F401 -- a fixture

LIST, SHEET, REMINDERS = "/desk/quarantine/reminders", "/desk/quarantine/reminders/sheet", "/desk/reminders"
SEES = {"HEADQUARTERS", "COUNTY_DESK", "TOWNSHIP_DESK"}


def unreached(ward: Ward, at: datetime, *, name: str, division: str = GRID) -> QuarantineOrder:  # noqa: F811
    """In place since yesterday, asked in this half-day, and without a mobile: on the call list."""
    person = ward.person(name=name, phone="0412-3220000", address="丰台路9号")
    since = at - timedelta(days=1)
    one = ward.in_place(person=person, at=since, day0=day_of(since), division=division)
    this = half_day(at)
    draft = MessageDraft(
        Channel.CALL_LIST, "QUARANTINE_ORDER", one.id, one.jurisdiction, "CHECK_IN_DUE", this.day, str(this.half)
    )  # fmt: skip
    with reach(ward.town.worker) as worker:
        write_messages(by=worker, at=at, messages=[draft])
    return one


def headline(page: str) -> int:
    found = re.search(r'headline__number"[^>]*>(\d+)<', page)
    assert found
    return int(found[1])


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"WORKER"}))
def test_desks_of_the_place_see_it_and_nobody_else(ward: Ward, role: str) -> None:  # noqa: F811
    client = at_desk(factories.officer(role, HAICHENG))
    sees = role in SEES
    assert client.get(LIST).status_code == (200 if sees else 403)
    assert client.post(SHEET).status_code == (200 if sees else 403)


def test_it_is_masked_noted_and_counted_as_the_page_of_reminders_counts(
    ward: Ward,  # noqa: F811
    desk: Client,
    at: datetime,
) -> None:
    one = unreached(ward, at, name="欧阳小明")
    unreached(ward, at, name="司马小红")
    told = text(desk.get(LIST))
    assert "欧阳**" in told
    assert "司马**" in told
    for secret in ("小明", "3220000", "丰台路9号"):
        assert secret not in told
    assert (headline(told), headline(text(desk.get(REMINDERS)))) == (2, 2)
    assert f'href="{LIST}"' in text(desk.get(REMINDERS))
    assert f'href="/desk/quarantine/{one.id}/check-in"' in told
    (entry,) = AuditEntry.objects.using("owner").filter(act="LIST_READ", details__page="reminder-calls")
    assert entry.count == 2
    this = half_day(at)
    reported(one, this.day, this.half)
    assert "欧阳**" not in text(desk.get(LIST))
    assert headline(text(desk.get(REMINDERS))) == 1


def test_its_sheet_has_numbers_of_one_place_where_one_is_chosen_and_is_noted(
    ward: Ward,  # noqa: F811
    desk: Client,
    at: datetime,
) -> None:
    unreached(ward, at, name="欧阳小明")
    unreached(ward, at, name="司马小红", division=OTHER_GRID)
    assert desk.get(SHEET).status_code == 302
    sheet = text(desk.post(SHEET))
    for word in ("欧阳小明", "司马小红", "0412-3220000", "丰台路9号"):
        assert word in sheet, word
    chosen = text(desk.get(LIST, {"division": OTHER_GRID}))
    assert ("欧阳**" in chosen, "司马**" in chosen) == (False, True)
    assert f'name="division" value="{OTHER_GRID}' in chosen
    sheet = text(desk.post(SHEET, {"division": OTHER_GRID}))
    assert ("欧阳小明" in sheet, "司马小红" in sheet) == (False, True)
    first, second = AuditEntry.objects.using("owner").filter(act="EXPORTED").order_by("at", "number")
    assert (first.count, first.details["sheet"]) == (2, "REMINDERS")
    assert (second.count, second.details["division"][:15]) == (1, OTHER_GRID)
    assert second.details["reference"] in sheet


def test_a_long_list_goes_on_and_its_sheet_begins_where_the_page_does(
    ward: Ward,  # noqa: F811
    desk: Client,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reminder_calls, "MOST_LISTED", 1)
    unreached(ward, at, name="欧阳小明")
    unreached(ward, at, name="司马小红", division=OTHER_GRID)
    first = text(desk.get(LIST))
    (onward,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = text(desk.get(LIST + onward))
    assert {name in first for name in ("欧阳**", "司马**")} == {True, False}
    assert ("欧阳**" in first, "司马**" in first) == ("司马**" in second, "欧阳**" in second)
    assert 'rel="next"' not in second
    (after,) = re.findall(r'name="after" value="([^"]+)"', second)
    sheet = text(desk.post(SHEET, {"after": after}))
    assert ("欧阳小明" in sheet, "司马小红" in sheet) == ("欧阳**" in second, "司马**" in second)
    assert f'href="{LIST}?after={after}"' in sheet, "back to that page"
    for odd in ("x", "1_" + "-" * 36 + "_" + "-" * 36):
        assert text(desk.get(LIST, {"after": odd})).count("**") == first.count("**")


def test_the_next_county_sees_nobody_and_what_cannot_be_read_is_not_asked_for(
    ward: Ward,  # noqa: F811
    desk: Client,
    at: datetime,
) -> None:
    unreached(ward, at, name="欧阳小明")
    stranger = at_desk(ward.town.stranger)
    assert "没有要打电话提醒的人" in text(stranger.get(LIST))
    assert "欧阳小明" not in text(stranger.post(SHEET, {"division": GRID}))
    assert headline(text(stranger.get(REMINDERS))) == 0
    for odd in ("x", "2103'", "9" * 40):
        assert "欧阳**" in text(desk.get(LIST, {"division": odd}))


def test_in_english_too(ward: Ward, desk: Client, at: datetime) -> None:  # noqa: F811
    unreached(ward, at, name="欧阳小明")
    desk.cookies["django_language"] = "en"
    assert "to be telephoned" in text(desk.get(LIST))
    assert "Call list" in text(desk.post(SHEET))
