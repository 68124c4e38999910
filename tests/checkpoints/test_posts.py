"""Opening checkpoints: local posts from the desk, border ones when a city is set up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from lianfang.checkpoints import queries
from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.services import open_border_checkpoint, open_post
from lianfang.kernel.divisions import span
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, Refusal
from tests.factories import ANSHAN, HAICHENG

TOWNSHIP = "210381101"


@pytest.fixture
def township(officer: Callable[..., Reach]) -> Reach:
    return officer("TOWNSHIP_DESK", TOWNSHIP, name="镇值班员")


def opened(by: Reach, at: datetime, **changes: str) -> Checkpoint:
    return open_post(
        **{"by": by, "name": "东村村口", "division": TOWNSHIP, "kind": "VILLAGE", "at": at} | changes
    )


def test_a_township_officer_opens_a_local_post(township: Reach, now: datetime) -> None:
    post = opened(township, now)
    stored = Checkpoint.objects.get(pk=post.code)
    assert (stored.tier, stored.kind, stored.name) == ("LOCAL", "VILLAGE", "东村村口")
    assert span(TOWNSHIP)[0] == stored.jurisdiction
    assert (stored.opened_at, stored.closed_at) == (now, None)


def test_codes_are_short_and_run_on(township: Reach, now: datetime) -> None:
    codes = [
        opened(township, now, division=place).code for place in (TOWNSHIP, f"{TOWNSHIP}000", f"{TOWNSHIP}201")
    ]
    assert codes == ["L210381101-1", "L210381101-2", "L210381101201-1"]


def test_posts_opened_at_the_same_moment_get_different_codes(township: Reach, now: datetime) -> None:
    def open_one(_: int) -> str:
        try:
            return opened(township, now).code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        codes = set(pool.map(open_one, range(6)))
    assert codes == {f"L210381101-{number}" for number in range(1, 7)}


def test_the_new_post_can_be_given_devices_at_once(township: Reach, now: datetime) -> None:
    post = opened(township, now)
    with reach(township) as seen:
        assert [found.code for found in queries.invitable_checkpoints(seen)] == [post.code]


@pytest.mark.parametrize("division", ["210381102", HAICHENG, "210323101"])
def test_a_post_outside_the_officers_township_is_refused(
    township: Reach, now: datetime, division: str
) -> None:
    with pytest.raises(Forbidden, match="OUT_OF_REACH"):
        opened(township, now, division=division)
    assert not Checkpoint.objects.exists()


def test_a_wall_display_opens_no_post(officer: Callable[..., Reach], now: datetime) -> None:
    with pytest.raises(Forbidden, match="NOT_PERMITTED"):
        opened(officer("WALL", ANSHAN), now)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " \0 "}, "NAME_MISSING"),
        ({"kind": "CASTLE"}, "KIND_UNKNOWN"),
        ({"division": "海城"}, "DIVISION_UNKNOWN"),
        ({"division": ""}, "DIVISION_UNKNOWN"),
        ({"division": ANSHAN}, "DIVISION_UNKNOWN"),
    ],
)
def test_what_is_missing_or_makes_no_sense_is_refused_with_a_code(
    officer: Callable[..., Reach], now: datetime, changes: dict[str, str], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        opened(officer("HEADQUARTERS", ANSHAN), now, **changes)
    assert refused.value.code == code
    assert refused.value.zh
    assert refused.value.en


def test_setting_a_border_checkpoint_up_again_keeps_whose_it_is_and_since_when(
    clean: object, now: datetime
) -> None:
    place = {"kind": "TOLL_GATE", "lanes": 4, "longitude": 122.7, "latitude": 40.8}
    open_border_checkpoint(code="HC01", name="海城口", division=HAICHENG, at=now, **place)
    open_border_checkpoint(
        code="HC01", name="海城高速口", division="210323", at=now + timedelta(days=1), **place
    )
    (stored,) = Checkpoint.objects.all()
    assert (stored.name, stored.tier, stored.division, stored.opened_at) == (
        "海城高速口",
        "BORDER",
        HAICHENG,
        now,
    )
