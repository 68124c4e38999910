"""The officer's phone reads: a family's code, codes in turn, a scanner gun, a card reader, six digits, a coach's list."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lianfang.bench import codes
from lianfang.bench.barrier import shoot
from tests.stories.conftest import Site
from tests.stories.officer import DESK, PHONE, begin_shift, invite, sign_in

pytestmark = pytest.mark.story

CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
# People who do not exist; the numbers check out.
FAMILY = [
    codes.traveller("演示甲", "210381199002280013"),
    codes.traveller("演示乙", "210381199103150023"),
    codes.traveller("演示丙", "", document={"type": "NONE"}, born_on="2015-03-12", sex="F", guardian=0),
    codes.traveller("演示丁", "210381196005060012"),
]

Visit = Callable[..., BrowserContext]
Picture = Callable[[Page, str], None]


def with_camera(film: Path) -> list[str]:
    return [*CAMERA, f"--use-file-for-fake-video-capture={film}"]


def enrolled(site: Site, visit: Visit, checkpoint: str, flags: list[str] | None = None) -> Page:
    """A phone of the checkpoint that has been told its keys."""
    desk = visit(**DESK).new_page()
    sign_in(desk, site, "haicheng", "/desk")
    code = invite(desk, site, checkpoint)
    phone = visit(**PHONE, flags=flags or []).new_page()
    phone.goto(f"{site.secure}/phone/#enrol={code}")
    with phone.expect_response(re.compile("/api/v1/device/state")):
        phone.get_by_test_id("enrol-submit").click()
    phone.get_by_test_id("enrol-start").click()
    begin_shift(phone)
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return phone


def measure_family(phone: Page, count: int) -> None:
    """Only temperatures are left: one chip each, and the form goes on to the next."""
    phone.get_by_test_id("temperature").click()
    for _ in range(count):
        phone.get_by_test_id("temp-chip-36.5").click()


def test_a_phone_without_network_reads_a_family_of_four_from_one_code(
    site: Site, visit: Visit, picture: Picture, tmp_path: Path
) -> None:
    # Given a family whose declaration fits one code, held before the officer's phone, which has no network
    family = codes.declare(
        site.local, "HC02", FAMILY, transport="CAR", plate="辽C12345", purpose="RESIDENT_RETURN"
    )
    assert len(family.texts) == 1
    phone = enrolled(site, visit, "HC02", with_camera(codes.film(tmp_path / "one.y4m", family.texts)))
    phone.context.set_offline(True)

    # When the officer taps 扫码 once
    phone.get_by_test_id("scan-open").click()

    # Then the scanner closes by itself and the form holds the vehicle and all four
    expect(phone.get_by_test_id("scan-outcome")).to_contain_text("已填入 4 人", timeout=15_000)
    expect(phone.get_by_test_id("scan")).to_have_count(0)
    picture(phone, "phone-scanned")
    expect(phone.get_by_test_id("plate")).to_have_value(re.compile("12345"))

    # And the same code again is asked about before it is used
    phone.get_by_test_id("temp-done").click()
    phone.get_by_test_id("scan-open").click()
    expect(phone.get_by_test_id("scan-outcome")).to_have_attribute("data-outcome", "USED", timeout=15_000)
    picture(phone, "phone-scan-used")
    phone.get_by_test_id("scan-dont-use").click()
    phone.get_by_test_id("scan-close").click()
    measure_family(phone, 4)
    phone.get_by_test_id("finish").click()
    expect(phone.get_by_test_id("unsent-count")).to_contain_text("1")


def test_a_phone_reads_a_long_declaration_from_codes_shown_in_turn(
    site: Site, visit: Visit, tmp_path: Path
) -> None:
    many = [
        codes.traveller(f"演示{n}", "", document={"type": "PASSPORT", "number": f"E{n:08d}"})
        for n in range(9)
    ]
    stays = [{"code": f"{110000 + n * 100}", "from": "2020-02-01", "to": "2020-02-03"} for n in range(9)]
    party = codes.declare(site.local, "HC02", [{**one, "stays": stays[n:]} for n, one in enumerate(many)])
    texts = codes.texts_of(party.binary, longest=1000 if len(party.texts) >= 3 else 400)
    assert len(texts) >= 3
    phone = enrolled(site, visit, "HC02", with_camera(codes.film(tmp_path / "three.y4m", texts)))
    phone.get_by_test_id("scan-open").click()
    expect(phone.get_by_test_id("scan-outcome")).to_contain_text(f"/{len(texts)}", timeout=15_000)
    expect(phone.get_by_test_id("scan-outcome")).to_contain_text("已填入 9 人", timeout=30_000)


def test_a_phone_whose_camera_is_refused_says_how_it_works_without(
    site: Site, visit: Visit, picture: Picture
) -> None:
    phone = enrolled(site, visit, "HC02", [CAMERA[0], "--deny-permission-prompts"])
    phone.get_by_test_id("scan-open").click()
    expect(phone.get_by_test_id("scan-trouble")).to_contain_text("没有使用相机的权限")
    picture(phone, "phone-scan-refused")
    phone.get_by_test_id("scan-close").click()
    expect(phone.get_by_test_id("scan")).to_have_count(0)


def test_a_phone_stops_the_camera_whenever_the_scanner_closes(
    site: Site, visit: Visit, picture: Picture, tmp_path: Path
) -> None:
    phone = enrolled(site, visit, "HC02", with_camera(codes.film(tmp_path / "wall.y4m", [])))
    phone.get_by_test_id("scan-open").click()
    expect(phone.get_by_test_id("scan")).to_have_attribute("data-state", "ON", timeout=15_000)
    picture(phone, "phone-scan")
    phone.evaluate("window.__track = document.querySelector('video').srcObject.getTracks()[0]")
    assert phone.evaluate("window.__track.readyState") == "live"
    phone.get_by_test_id("scan-close").click()
    expect(phone.get_by_test_id("scan")).to_have_count(0)
    assert phone.evaluate("window.__track.readyState") == "ended"


def test_a_phone_takes_a_scanner_gun_and_a_card_reader_but_never_an_officer_s_typing(
    site: Site, visit: Visit
) -> None:
    family = codes.declare(site.local, "HC02", FAMILY[:2])
    phone = enrolled(site, visit, "HC02")
    name = phone.get_by_test_id("name")

    # An officer types, quickly, into a field
    name.click()
    phone.keyboard.type("Zhang San 12345", delay=45)
    expect(name).to_have_value("Zhang San 12345")
    name.fill("")

    # A card reader types into the same field: the card is read, and the field keeps nothing else
    shoot(phone, "YAN SHI,M,210381199002280013\n")
    expect(phone.get_by_test_id("scan-outcome")).to_have_attribute("data-outcome", "PERSON")
    expect(phone.get_by_test_id("document-number")).to_have_value(re.compile("0013"))
    expect(name).to_have_value("YAN SHI")

    # A gun reads a family's code while the focus is anywhere
    shoot(phone, family.texts[0] + "\n")
    expect(phone.get_by_test_id("scan-outcome")).to_contain_text("已填入 2 人", timeout=15_000)


def test_a_phone_fetches_a_declaration_by_its_six_digits(site: Site, visit: Visit, picture: Picture) -> None:
    family = codes.declare(site.local, "HC02", FAMILY)
    short_code = codes.leave(site.local, family, "HC02", 4)
    phone = enrolled(site, visit, "HC02", ["--deny-permission-prompts"])
    phone.get_by_test_id("scan-open").click()
    phone.get_by_test_id("scan-by-code").click()
    wrong = f"{(int(short_code) + 1) % 1_000_000:06d}"
    for digit in wrong:
        phone.get_by_test_id(f"short-code-key-{digit}").click()
    expect(phone.get_by_test_id("scan-outcome")).to_contain_text("没有这个短码")
    picture(phone, "phone-short-code")
    for digit in short_code:
        phone.get_by_test_id(f"short-code-key-{digit}").click()
    expect(phone.get_by_test_id("scan-outcome")).to_contain_text("已填入 4 人")
    expect(phone.get_by_test_id("short-code")).to_have_count(0)


def test_a_phone_walks_through_a_coach_seat_by_seat(site: Site, visit: Visit, picture: Picture) -> None:
    # Given a coach of five, of whom three have declared their seats
    code = codes.ask(site.local, "/api/v1/rosters", {"checkpoint": "HC02", "expected": 5})["code"]
    for seat, one in zip(("10A", "2B", "2A"), FAMILY, strict=False):
        declared = codes.declare(site.local, "HC02", [{**one, "guardian": None}], seat=seat, roster=code)
        codes.leave(site.local, declared, "HC02", 1, roster=code, seat=seat)
    phone = enrolled(site, visit, "HC02", ["--deny-permission-prompts"])

    # When the officer opens the driver's list by its code
    phone.get_by_test_id("scan-open").click()
    phone.get_by_test_id("scan-by-code").click()
    phone.get_by_test_id("short-code-roster").click()
    phone.get_by_test_id("roster-code").fill(code.lower())
    phone.get_by_test_id("roster-open").click()

    # Then the seats stand in the order of the aisle, and each takes one tap
    expect(phone.get_by_test_id("roster-tally")).to_have_text("3/5")
    seats = phone.locator("[data-testid^=seat-][aria-pressed]")
    assert [seat.get_attribute("data-testid") for seat in seats.all()] == ["seat-2A", "seat-2B", "seat-10A"]
    phone.get_by_test_id("seat-2A").click()
    picture(phone, "phone-roster")
    phone.context.set_offline(True)
    for _ in range(3):
        phone.get_by_test_id("seat-chip-36.5").click()
    expect(phone.get_by_test_id("roster-measured")).to_contain_text("3/3")
    picture(phone, "phone-roster-measured")

    # And all of them are one vehicle
    phone.get_by_test_id("roster-to-form").click()
    phone.get_by_test_id("finish").click()
    expect(phone.get_by_test_id("unsent-count")).to_contain_text("1")
