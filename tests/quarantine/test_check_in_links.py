"""Links guessed, replaced, expired, flooded: what whoever has no good one gets, and nobody else because of him."""

import asyncio
import json

import msgspec
import pytest
from asgiref.sync import sync_to_async

from lianfang.doors.check_in import GUESSES_A_MINUTE, PAGE, POSTS_A_MINUTE, REPORTS
from lianfang.doors.check_in_shapes import ReportSent
from lianfang.kernel.tokens import new_token
from lianfang.quarantine.models import CheckInLink
from lianfang.quarantine.services.linking import issue_link, revoke_links
from tests.attacks.test_bodies import ODD, SAID
from tests.doors.conftest import connect_as
from tests.people.town import NOW
from tests.quarantine.checking import Household, kept


async def test_a_guessed_token_is_told_the_same_whatever_it_is(household: Household) -> None:
    wrong = [
        new_token("k"),
        "k_short",
        new_token("device"),
        household.token[:-1] + ("A" if household.token[-1] != "A" else "B"),
        "*",
    ]
    answers = [await household.page(token=token) for token in wrong]
    answers += [await household.report(household.well(), token=token) for token in wrong]
    answers += [await household.post(REPORTS, b'{"reports":[{}]}', token=wrong[0])]
    assert {answer.status for answer in answers} == {401}
    assert len({answer.body for answer in answers}) == 1
    assert answers[0].json["error"]["code"] == "LINK_UNKNOWN"
    assert await kept() == []


async def test_who_guesses_too_often_is_told_to_wait_and_nobody_else_at_his_address(
    household: Household,
) -> None:
    answers = [await household.page(token=new_token("k")) for _ in range(GUESSES_A_MINUTE + 3)]
    assert [answer.status for answer in answers[-4:]] == [401, 429, 429, 429]
    assert answers[-1].headers["retry-after"] == "60"
    assert (await household.page()).status == 200  # the same address, a good token
    assert (await household.receipts(household.well()))[0]["status"] == "ACCEPTED"


async def test_behind_a_proxy_guesses_count_against_the_address_the_proxy_wrote_down(
    household: Household,
) -> None:
    household.door._behind_proxy = True
    for _ in range(GUESSES_A_MINUTE):
        await household.page(token=new_token("k"), x_forwarded_for="6.6.6.6, 192.0.2.1")
    assert (await household.page(token=new_token("k"), x_forwarded_for="7.7.7.7, 192.0.2.1")).status == 429
    assert (await household.page(token=new_token("k"), x_forwarded_for="192.0.2.2")).status == 401


async def test_a_newer_slip_ends_the_link_of_the_older(household: Household) -> None:
    ids = [one.id for one in household.orders]
    newer = await sync_to_async(issue_link)(by=household.ward.desk, at=NOW, orders=ids[:1])
    for answer in (await household.page(), await household.report(household.well())):
        assert (answer.status, answer.json["error"]["code"]) == (410, "LINK_REPLACED")
    assert [one["place"] for one in (await household.page(token=newer)).json["people"]] == [1]
    await sync_to_async(revoke_links)(by=household.ward.desk, at=NOW, orders=ids[:1])
    assert (await household.page(token=newer)).status == 410


async def test_an_expired_link_says_that_observation_is_over(household: Household) -> None:
    @sync_to_async
    def expire() -> None:
        CheckInLink.objects.using("owner").update(expires_at=NOW)

    await expire()
    for answer in (await household.page(), await household.report(household.well())):
        assert (answer.status, answer.json["error"]["code"]) == (410, "LINK_OVER")
    assert await kept() == []


async def test_a_flood_of_one_post_is_one_report_and_is_slowed_down(household: Household) -> None:
    well = household.well()
    answers = await asyncio.gather(*(household.report(well) for _ in range(POSTS_A_MINUTE + 40)))
    by_status = [answer.status for answer in answers]
    assert (by_status.count(200), by_status.count(429)) == (POSTS_A_MINUTE, 40)
    said = [answer.json["receipts"][0]["status"] for answer in answers if answer.status == 200]
    assert (said.count("ACCEPTED"), said.count("DUPLICATE")) == (1, POSTS_A_MINUTE - 1)
    assert len(await kept()) == 1


async def test_without_a_session_the_doors_role_reads_no_order_no_link_and_no_report(
    household: Household, clean
) -> None:
    connection = await connect_as(clean, "app")()
    try:
        for table in ("quarantine_order", "check_in_link", "check_in", "person", "order_event"):
            assert await connection.fetch(f"SELECT * FROM {table}") == [], table
    finally:
        await connection.close()


async def test_a_body_of_another_shape_is_no_way_in(household: Household) -> None:
    body = msgspec.json.encode({"reports": [household.well()], "token": household.token})
    answer = await household.post(REPORTS, body, token="x")
    assert answer.status == 401
    assert (
        await household.post(PAGE, json.dumps({"token": household.token}).encode(), token="x")
    ).status == 401


@pytest.mark.parametrize("odd", ODD)
async def test_an_odd_value_in_any_field_is_read_refused_or_set_aside_and_nothing_breaks(
    household: Household, odd: str
) -> None:
    whole = household.well(half="MORNING", by="SELF")
    assert set(whole) == set(ReportSent.__struct_encode_fields__)
    for name in whole:
        said = json.dumps({"reports": [household.well(half="MORNING", by="SELF") | {name: "@@"}]})
        answer = await household.post(REPORTS, said.replace('"@@"', ODD[odd], 1).encode())
        assert answer.status in (200, 400), (name, answer.body)
        if answer.status == 400:
            assert answer.json["error"]["code"] == "REPORTS_UNREADABLE"


@pytest.mark.parametrize("deep", SAID)
async def test_a_body_as_deep_as_a_well_is_refused(household: Household, deep: str) -> None:
    short = SAID[deep][: 60 * 1024]
    assert (await household.post(REPORTS, short.encode())).status == 400
    assert (await household.post(REPORTS, SAID[deep].encode())).status == 413
    nested = "[" * 10_000 + "]" * 10_000
    said = json.dumps({"reports": [household.well()]})[:-1] + f', "unknown": {nested}}}'
    assert (await household.post(REPORTS, said.encode())).status in (200, 400)


async def test_of_a_key_given_twice_the_last_counts(household: Household) -> None:
    said = json.dumps({"reports": [household.well()]}).replace('"celsius"', '"celsius": 39.9, "celsius"')
    answer = await household.post(REPORTS, said.encode())
    assert answer.json["receipts"][0]["verdict"] == "WELL"
