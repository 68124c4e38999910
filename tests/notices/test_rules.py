"""What a notice may say: nobody's number, however it is written; and how it stands at a moment."""

from datetime import date, datetime, timedelta

import pytest

from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.refusals import Refusal
from lianfang.notices.rules import (
    LONGEST_BODY,
    LONGEST_TITLE,
    NoticeState,
    NoticeText,
    fit_reason,
    fit_text,
    names_a_person,
    require_days,
    state_of,
)
from tests.factories import Generated

ON = date(2020, 2, 13)
NOON = datetime(2020, 2, 13, 12, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
GENERATED = Generated(seed=44)
MOBILE = GENERATED.phone()
RESIDENT_ID = GENERATED.resident_id(born_on=date(1970, 5, 17))
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
LAST = "X" if RESIDENT_ID[-1] != "X" else "1"


def apart(number: str, mark: str, *, every: int) -> str:
    return mark.join(number[n : n + every] for n in range(0, len(number), every))


@pytest.mark.parametrize(
    "text",
    [
        MOBILE,
        f"请拨打{MOBILE}联系",
        f"+86{MOBILE}",
        f"0086 {MOBILE}",
        f"86-{MOBILE}",
        f"0{MOBILE}",
        f"{MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}",
        f"{MOBILE[:3]}-{MOBILE[3:7]}-{MOBILE[7:]}",
        f"{MOBILE[:3]}.{MOBILE[3:7]}.{MOBILE[7:]}",
        f"{MOBILE[:3]}\n{MOBILE[3:]}",
        f"{MOBILE[:3]}\u200b{MOBILE[3:]}",
        apart(MOBILE, " ", every=1),
        MOBILE.translate(WIDE),
        f"0412-3220120，{MOBILE}",
        f"15 {MOBILE} 15",
        RESIDENT_ID,
        f"身份证{RESIDENT_ID}的",
        RESIDENT_ID.lower(),
        RESIDENT_ID.translate(WIDE),
        apart(RESIDENT_ID, " ", every=6),
        apart(RESIDENT_ID, "-", every=4),
        RESIDENT_ID[:-1] + LAST,  # mistyped
    ],
)
def test_a_number_of_a_person_is_found_however_it_is_written(text: str) -> None:
    assert names_a_person(text, on=ON)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "全市新增病例 3 例，累计 35 例。",
        "请拨打 0412-3220120 或 12345、12320。",
        "值班电话：0412-3220120 0412-3220121",
        "400-800-1234",
        "2020年2月13日8时至2020年2月14日8时",
        "2020-02-13 08:00 至 2020-02-14 20:00",
        "区划代码 210381101200000000",
        f"{MOBILE}9",
        f"9{MOBILE}",
        f"{RESIDENT_ID}1",
        "1390 例，其中 000 例",
    ],
)
def test_other_numbers_may_stand_in_a_notice(text: str) -> None:
    assert not names_a_person(text, on=ON)


def refused(text: NoticeText) -> str:
    with pytest.raises(Refusal) as caught:
        fit_text(text, on=ON)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (NoticeText("", "内容"), "TEXT_MISSING"),
        (NoticeText("标题", " \u200b\n "), "TEXT_MISSING"),
        (NoticeText("标" * (LONGEST_TITLE + 1), "内容"), "TEXT_TOO_LONG"),
        (NoticeText("标题", "内" * (LONGEST_BODY + 1)), "TEXT_TOO_LONG"),
        (NoticeText("标题", "内容", "Title"), "ENGLISH_HALF"),
        (NoticeText("标题", "内容", "", "Text"), "ENGLISH_HALF"),
        (NoticeText(f"电话{MOBILE}", "内容"), "TEXT_NAMES_A_PERSON"),
        (NoticeText("标题", f"电话{MOBILE}"), "TEXT_NAMES_A_PERSON"),
        (NoticeText("标题", "内容", f"Call {MOBILE}", "Text"), "TEXT_NAMES_A_PERSON"),
        (NoticeText("标题", "内容", "Title", f"Call {MOBILE}"), "TEXT_NAMES_A_PERSON"),
    ],
)
def test_a_text_is_refused_that_cannot_be_shown_to_everybody(text: NoticeText, code: str) -> None:
    assert refused(text) == code


def test_a_text_is_kept_without_what_nobody_sees() -> None:
    kept = fit_text(NoticeText(" 标\x00题\u200b ", "第一行\r\n第二行\r第三行\x07"), on=ON)
    assert kept == NoticeText("标题", "第一行\n第二行\n第三行")
    whole = NoticeText("标" * LONGEST_TITLE, "内" * LONGEST_BODY)
    assert fit_text(whole, on=ON) == whole


@pytest.mark.parametrize(("reason", "code"), [(" ", "REASON_MISSING"), (MOBILE, "TEXT_NAMES_A_PERSON")])
def test_a_reason_is_said_and_names_nobody_either(reason: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        fit_reason(reason, on=ON)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (NOON, NOON, "DATES_INVERTED"),
        (NOON, NOON - DAY, "DATES_INVERTED"),
        (NOON - 2 * DAY, NOON, "NOTICE_OVER"),
        (NOON, NOON + 30 * DAY + timedelta(seconds=1), "NOTICE_TOO_LONG"),
        (NOON + 31 * DAY, NOON + 32 * DAY, "NOTICE_TOO_LONG"),
        (NOON - DAY, NOON + 29 * DAY, None),
        (NOON + 30 * DAY, NOON + 60 * DAY, None),
    ],
)
def test_a_notice_holds_for_30_days_at_most(since: datetime, until: datetime, code: str | None) -> None:
    if code is None:
        require_days(since, until, at=NOON)
        return
    with pytest.raises(Refusal) as caught:
        require_days(since, until, at=NOON)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("since", "until", "approved", "withdrawn", "state"),
    [
        (NOON - DAY, NOON + DAY, False, False, NoticeState.WAITING),
        (NOON + DAY, NOON + 2 * DAY, False, False, NoticeState.WAITING),
        (NOON - DAY, NOON + DAY, True, False, NoticeState.IN_FORCE),
        (NOON, NOON + DAY, True, False, NoticeState.IN_FORCE),
        (NOON + DAY, NOON + 2 * DAY, True, False, NoticeState.TO_COME),
        (NOON - DAY, NOON, True, False, NoticeState.LAPSED),
        (NOON - DAY, NOON, False, False, NoticeState.LAPSED),
        (NOON - DAY, NOON + DAY, True, True, NoticeState.WITHDRAWN),
        (NOON - DAY, NOON, True, True, NoticeState.WITHDRAWN),
    ],
)
def test_how_a_notice_stands(
    since: datetime, until: datetime, approved: bool, withdrawn: bool, state: NoticeState
) -> None:
    stands = state_of(valid_from=since, valid_until=until, approved=approved, withdrawn=withdrawn, at=NOON)
    assert stands == state
