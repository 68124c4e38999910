"""The check-in door: what a household's slip leads to, and what whoever guesses gets."""

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async

from lianfang.doors.check_in import REPORTS
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.ids import uuid7
from lianfang.machine.postgres import Database
from lianfang.quarantine.models import QuarantineOrder
from lianfang.quarantine.services import transfer
from tests.people.town import NEXT_COUNTY, NOW, TODAY
from tests.quarantine.checking import Household, kept, lay_notice
from tests.quarantine.ward import WHY

DAY = timedelta(days=1)


@sync_to_async
def change(**fields: object) -> None:
    QuarantineOrder.objects.using("owner").update(**fields)


async def test_the_page_says_whom_and_which_day_and_names_nobody(household: Household) -> None:
    await household.receipts(household.well(place=2))
    answer = await household.page()
    assert answer.status == 200
    page = answer.json
    assert [(one["place"], one["day"], one["days"], one["state"]) for one in page["people"]] == [
        (1, 3, 14, "OPEN"),
        (2, 3, 14, "OPEN"),
    ]
    assert [one["reported"] for one in page["people"]] == [
        {"MORNING": None, "EVENING": None},
        {"MORNING": "WELL", "EVENING": None},
    ]
    assert (page["day"], page["half"], page["fever"]) == (TODAY.isoformat(), "MORNING", 37.3)
    assert "COUGH" in page["symptoms"]
    said = answer.body.decode()
    assert all(str(one.person_id) not in said and str(one.id) not in said for one in household.orders)
    assert all(one.division not in said and str(one.jurisdiction) not in said for one in household.orders)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_report_is_kept_with_its_half_day_its_verdict_and_what_judged_it(
    household: Household,
) -> None:
    well, unwell = household.well(), household.well(place=2, celsius=37.3)
    first, second = await household.receipts(well, unwell)
    assert (first["id"], first["status"], first["verdict"]) == (well["id"], "ACCEPTED", "WELL")
    assert (first["day"], first["half"]) == (TODAY.isoformat(), "MORNING")
    assert (second["status"], second["verdict"]) == ("ACCEPTED", "SYMPTOMATIC")
    assert "120" in second["say"]["zh"]
    assert "120" in second["say"]["en"]
    rows = {str(row.id): row for row in await kept()}
    assert {row.order_id for row in rows.values()} == {one.id for one in household.orders}
    row = rows[well["id"]]
    assert (row.on_day, row.half, str(row.celsius), row.by) == (TODAY, "MORNING", "36.5", "SELF")
    assert (row.link_id is not None, len(row.thresholds), row.officer_id) == (True, 64, None)
    assert rows[unwell["id"]].by == "RESPONDER"


async def test_the_same_report_again_is_once_and_other_content_is_a_conflict(household: Household) -> None:
    well = household.well()
    assert (await household.receipts(well))[0]["status"] == "ACCEPTED"
    household.later(minutes=5)
    again, other = await household.receipts(well, {**well, "celsius": 36.9})
    assert (again["status"], again["verdict"]) == ("DUPLICATE", "WELL")
    assert "half" not in again  # it may have been taken in another: the page says in which
    assert other["status"] == "CONFLICT"
    assert [str(row.celsius) for row in await kept()] == ["36.5"]


async def test_a_report_of_symptoms_never_vanishes_behind_an_id_that_stands(household: Household) -> None:
    well = household.well()
    unwell = {**well, "celsius": 38.5}
    await household.receipts(well)
    for _ in range(2):
        (receipt,) = await household.receipts(unwell)
        assert (receipt["status"], receipt["verdict"]) == ("CONFLICT", "SYMPTOMATIC")
    assert sorted(row.verdict for row in await kept()) == ["SYMPTOMATIC", "WELL"]


async def test_the_same_id_twice_in_one_post_is_one_report(household: Household) -> None:
    well = household.well()
    receipts = await household.receipts(well, well, {**well, "symptoms": ["COUGH"]})
    assert [one["status"] for one in receipts] == ["ACCEPTED", "DUPLICATE", "CONFLICT"]
    assert sorted(row.verdict for row in await kept()) == ["SYMPTOMATIC", "WELL"]


@pytest.mark.parametrize(
    ("hours", "half", "on"),
    [(0, "MORNING", TODAY), (-13, "EVENING", TODAY - DAY), (-35, "EVENING", TODAY - 2 * DAY),
     (-37, "MORNING", TODAY), (1, "MORNING", TODAY), (24 * 365, "MORNING", TODAY)],
)  # fmt: skip
async def test_the_half_day_is_that_of_the_reading_while_its_clock_can_be_believed(
    household: Household, hours: int, half: str, on: object
) -> None:
    said = (household.at[0] + timedelta(hours=hours)).isoformat()
    (receipt,) = await household.receipts(household.well(at=said))
    assert receipt["status"] == "ACCEPTED"
    (row,) = await kept()
    assert (row.on_day, row.half) == (on, half)
    assert row.occurred_at <= row.received_at


async def test_a_morning_may_be_reported_late_and_an_evening_never_early(household: Household) -> None:
    household.later(hours=5)
    await household.receipts(household.well(half="MORNING"), household.well(place=2, half="EVENING"))
    assert sorted(row.half for row in await kept()) == ["EVENING", "MORNING"]
    household.at[0] = NOW + DAY
    await household.receipts(household.well(half="EVENING"))
    assert [row.half for row in await kept() if row.on_day == TODAY + DAY] == ["MORNING"]


@pytest.mark.parametrize(
    ("odd", "verdict"),
    [({"celsius": None}, "NOT_READ"), ({"celsius": "37.8"}, "SYMPTOMATIC"), ({"celsius": 1e300}, "NOT_READ"),
     ({"celsius": True}, "NOT_READ"), ({"celsius": "NaN"}, "NOT_READ"), ({"celsius": 3.65}, "NOT_READ"),
     ({"symptoms": ["NOBODY_KNOWS_IT"]}, "SYMPTOMATIC"), ({"symptoms": "COUGH"}, "SYMPTOMATIC"),
     ({"symptoms": None}, "WELL"), ({"at": "yesterday"}, "WELL"), ({"at": 7}, "WELL"), ({"by": "EVIL"}, "WELL"),
     ({"celsius": 37.25}, "SYMPTOMATIC")],
)  # fmt: skip
async def test_whatever_is_odd_in_a_report_is_read_as_far_as_it_can_be(
    household: Household, odd: dict, verdict: str
) -> None:
    (receipt,) = await household.receipts(household.well(**odd))
    assert (receipt["status"], receipt["verdict"]) == ("ACCEPTED", verdict)


async def test_a_report_that_names_nobody_is_set_aside_and_costs_no_other(household: Household) -> None:
    nobody = [household.well(place=place) for place in (0, -1, 31, "1", None, True)]
    receipts = await household.receipts(
        *nobody, {}, 7, household.well(id="x"), household.well(place=3), household.well()
    )  # type: ignore[arg-type]
    assert [one["status"] for one in receipts] == ["SET_ASIDE"] * 10 + ["ACCEPTED"]
    assert {one["error"]["code"] for one in receipts[:9]} == {"REPORT_UNREADABLE"}
    assert receipts[9]["error"]["code"] == "PLACE_UNKNOWN"
    assert len(await kept()) == 1


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"reports":[]}', b'{"reports":7}', b"\xff\xfe", b"[" * 30_000]
)
async def test_what_is_no_post_is_refused_in_words(household: Household, body: bytes) -> None:
    answer = await household.post(REPORTS, body)
    assert (answer.status, answer.json["error"]["code"]) == (400, "REPORTS_UNREADABLE")


async def test_more_than_a_household_can_say_is_refused(household: Household) -> None:
    assert (await household.report(*[household.well() for _ in range(61)])).status == 400
    answer = await household.post(REPORTS, b" " * (64 * 1024 + 1))
    assert (answer.status, answer.json["error"]["code"]) == (413, "TOO_LARGE")


async def test_who_is_released_reports_no_more_and_a_report_from_before_still_counts(
    household: Household,
) -> None:
    ended = household.at[0] - timedelta(minutes=20)
    await change(state="LIFTED", ended_at=ended)
    assert [one["state"] for one in (await household.page()).json["people"]] == ["ENDED", "ENDED"]
    late = household.well(at=(ended - timedelta(minutes=5)).isoformat())
    before, after = await household.receipts(late, household.well())
    assert before["status"] == "ACCEPTED"
    assert (after["status"], after["error"]["code"]) == ("SET_ASIDE", "OBSERVATION_ENDED")
    household.later(hours=36)
    assert (await household.page()).json["error"]["code"] == "LINK_OVER"


async def test_who_is_not_in_place_yet_or_over_his_last_day_is_told_so_and_heard(
    household: Household,
) -> None:
    await change(state="NOTIFIED")
    assert {one["state"] for one in (await household.page()).json["people"]} == {"NOT_YET"}
    assert (await household.receipts(household.well(symptoms=["COUGH"])))[0]["verdict"] == "SYMPTOMATIC"
    await change(state="IN_PLACE", last_on=TODAY - DAY)
    assert {one["state"] for one in (await household.page()).json["people"]} == {"ENDED"}


async def test_the_worst_of_a_half_day_is_what_the_page_shows(household: Household) -> None:
    await household.receipts(household.well(celsius=38.0), household.well(), household.well(celsius=None))
    assert (await household.page()).json["people"][0]["reported"]["MORNING"] == "SYMPTOMATIC"


async def test_what_was_taken_is_noted_once_a_commit_by_county(household: Household) -> None:
    await household.receipts(household.well(), household.well(place=2))

    @sync_to_async
    def noted() -> list[tuple]:
        found = AuditEntry.objects.using("owner").filter(act="CHECKED_IN")
        return list(found.values_list("count", "jurisdiction", "officer_id"))

    assert await noted() == [(2, 210381000000000000, None)]


async def test_notices_of_the_place_stand_on_the_page_and_beside_every_receipt(
    household: Household, clean: Database
) -> None:
    async with lay_notice(clean, "标题"):
        page, taken = await household.page(), await household.report(household.well())
    for answer in (page, taken):
        told = [(one["title"], one["title_en"], one["level"]) for one in answer.json["notices"]]
        assert told == [("标题", "标题", "COUNTY")]


async def test_the_page_tells_of_the_place_of_those_who_stayed_and_not_of_the_first_who_left(
    household: Household, clean: Database
) -> None:
    def taken_elsewhere() -> None:
        transfer(
            by=household.ward.desk, at=NOW, id=uuid7(), order=household.orders[0].id, to=NEXT_COUNTY, written=WHY
        )  # fmt: skip

    async with lay_notice(clean, "标题"):
        await sync_to_async(taken_elsewhere)()
        assert [one["title"] for one in (await household.page()).json["notices"]] == ["标题"]
        await change(ended_at=NOW, state="LIFTED")
        assert [one["title"] for one in (await household.page()).json["notices"]] == ["标题"]


async def test_a_household_that_moved_as_a_whole_is_told_of_where_it_is(
    household: Household, clean: Database
) -> None:
    await change(division=NEXT_COUNTY, jurisdiction=int(NEXT_COUNTY.ljust(18, "0")))
    async with lay_notice(clean, "标题"):
        assert (await household.page()).json["notices"] == []
