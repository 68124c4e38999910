"""Headquarters' terminal: a correction moves the figures, the past stays as it was, and what holds the wall is named."""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lianfang.kernel.days import SHANGHAI, quarter_of
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Database
from tests.factories import Generated
from tests.stories.conftest import Site
from tests.stories.officer import DESK, WALL, sign_in

pytestmark = pytest.mark.story


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    """Headquarters' read-only token."""
    return site.command("token")["token"]


def asked(site: Site, address: str, token: str) -> bytes:
    request = urllib.request.Request(f"{site.local}{address}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def board(site: Site, token: str, as_of: datetime | None = None) -> dict[str, Any]:
    moment = f"?as_of={as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if as_of else ""
    return json.loads(asked(site, f"/api/v1/board{moment}", token))


def sent(site: Site, checkpoint: str, *records: dict[str, Any]) -> None:
    """A parcel from a script's device at a checkpoint; every record is acknowledged."""
    device = site.command("device", "--checkpoint", checkpoint)["token"]
    body = json.dumps(Generated(1).parcel(*records)).encode()
    request = urllib.request.Request(
        f"{site.local}/api/v1/parcels",
        data=body,
        headers={"Authorization": f"Bearer {device}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        receipts = json.load(answer)["receipts"]
    assert {receipt["status"] for receipt in receipts} == {"ACCEPTED"}, receipts


def made(seed: int, at: datetime | None = None) -> Generated:
    return Generated(seed, at=at or datetime.now(UTC))


def of_checkpoint(shown: dict[str, Any], code: str) -> dict[str, Any]:
    return next(row for row in shown["by_checkpoint"] if row["code"] == code)


def until(page: Page, holds: Callable[[], bool], *, seconds: float = 10) -> None:
    for _ in range(int(seconds * 5)):
        if holds():
            return
        page.wait_for_timeout(200)
    assert holds()


def test_a_correction_at_the_desk_moves_the_figures_of_wall_and_tables(
    site: Site,
    token: str,
    visit: Callable[..., BrowserContext],
    picture: Callable[[Page, str], None],
) -> None:
    # Given a car of two that the board has counted
    passage = made(101).passage(people=2, checkpoint="HC16")
    before = of_checkpoint(board(site, token), "HC16")
    sent(site, "HC16", passage)
    desk = visit(**DESK).new_page()
    sign_in(desk, site, "haicheng", "/desk")
    until(desk, lambda: of_checkpoint(board(site, token), "HC16")["people"] == before["people"] + 2)

    # When the desk corrects that it went out, not in
    desk.goto(f"{site.secure}/desk/passages/{passage['id']}/correct?field=direction")
    desk.check("input[name$=new][value=OUT]")
    desk.fill("[name$=reason]", "看反了方向")
    desk.click("main .button--main")

    # Then the board has taken it out again, the passage itself stays, and every cell agrees with the records
    until(desk, lambda: of_checkpoint(board(site, token), "HC16")["people"] == before["people"])
    now = of_checkpoint(board(site, token), "HC16")
    assert (now["vehicles"], now["passages"]) == (before["vehicles"], before["passages"] + 1)
    desk.goto(f"{site.secure}/tables")
    expect(desk.locator("tr", has_text="王石卡口").locator("td").nth(5)).to_have_text(f"{now['people']:,}")
    picture(desk, "tables")
    assert site.command("recount")["agrees"]


def test_a_phone_that_was_offline_lands_in_its_hour_and_a_final_answer_stays_as_it_was(
    site: Site, token: str, visit: Callable[..., BrowserContext]
) -> None:
    # Given an answer that is final
    now = datetime.now(UTC)
    moment = quarter_of(now)
    page = visit(**DESK).new_page()
    until(page, lambda: board(site, token, moment)["final"])
    address = f"/api/v1/board?as_of={moment:%Y-%m-%dT%H:%M:%SZ}"
    before = asked(site, address, token)
    gate = of_checkpoint(board(site, token), "HC11")

    # When a phone sends a car that it registered two hours ago
    at = now - timedelta(hours=2)
    sent(site, "HC11", made(102, at).passage(people=3, checkpoint="HC11"))

    # Then it counts, in the hour and on the day it happened, and the final answer is the same to the byte
    until(page, lambda: of_checkpoint(board(site, token), "HC11")["people"] == gate["people"] + 3)
    assert asked(site, address, token) == before
    local = at.astimezone(SHANGHAI)
    sign_in(page, site, "zhihuibu", "/desk")
    page.goto(f"{site.secure}/tables?rows=HOUR&columns=CHECKPOINT&day={local:%Y-%m-%d}")
    expect(page.locator("tbody tr", has_text=re.compile(f"^{local.hour}–"))).to_have_count(1)
    assert site.command("recount")["agrees"]
    assert site.command("recount", "--as-of", moment.isoformat())["agrees"]


@contextmanager
def somebody_writing(site: Site) -> Iterator[None]:
    """A session of somebody else on the same server that has begun to write and does not end."""
    database = Database.read(DataFolder.open(site.data))
    assert database is not None
    with psycopg.connect(**database.parameters("owner"), application_name="monthly-export") as connection:
        connection.execute("SELECT pg_current_xact_id()")
        yield
        connection.rollback()


def test_a_transaction_that_somebody_left_open_is_named_on_the_wall_and_all_is_exact_afterwards(
    site: Site,
    token: str,
    visit: Callable[..., BrowserContext],
    picture: Callable[[Page, str], None],
) -> None:
    wall = visit(**WALL).new_page()
    sign_in(wall, site, "daping", "/wall")
    expect(wall.locator("#total-people")).to_have_text(re.compile(r"\d"))
    before = of_checkpoint(board(site, token), "HC12")

    # When somebody's transaction stays open and cars go on arriving
    with somebody_writing(site):
        sent(site, "HC12", *(made(seed).passage(people=2, checkpoint="HC12") for seed in (103, 104)))
        # Then the wall says since when its figures stand still, and because of whom
        expect(wall.locator("body")).to_contain_text("monthly-export", timeout=20_000)
        picture(wall, "wall-held")
        assert of_checkpoint(board(site, token), "HC12")["people"] == before["people"]

    # And when it ends everything is counted, exactly
    expect(wall.locator("body")).not_to_contain_text("monthly-export", timeout=20_000)
    until(wall, lambda: of_checkpoint(board(site, token), "HC12")["people"] == before["people"] + 4)
    assert site.command("recount")["agrees"]


def test_wall_and_tables_say_the_same(
    site: Site, token: str, visit: Callable[..., BrowserContext], picture: Callable[[Page, str], None]
) -> None:
    desk = visit(**DESK).new_page()
    sign_in(desk, site, "zhihuibu", "/desk")
    wall = desk.context.new_page()
    wall.set_viewport_size({"width": 1920, "height": 1080})
    wall.goto(f"{site.secure}/wall")
    expect(wall.locator("#total-people")).to_have_text(re.compile(r"\d"))

    def agree() -> bool:
        desk.goto(f"{site.secure}/tables?rows=PURPOSE")
        cells = desk.locator("tfoot td").all_inner_texts()
        return [wall.inner_text("#total-vehicles"), wall.inner_text("#total-people")] == cells[4:6]

    until(desk, agree)
    desk.goto(f"{site.secure}/tables?rows=CHECKPOINT&columns=PURPOSE&span=all")
    picture(desk, "tables-crossed")
