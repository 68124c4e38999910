"""A notice takes two officers, and one to withdraw it (docs/decisions/0044). Its text never changes: another text is another notice."""

from datetime import datetime
from uuid import UUID

from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import as_integer, canonical, is_code
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.notices.models import PlaceNotice
from lianfang.notices.rules import NoticeState, NoticeText, fit_reason, fit_text, require_days, state_of


def write(
    *,
    by: Reach,
    at: datetime,
    division: str,
    text: NoticeText,
    valid_from: datetime,
    valid_until: datetime,
) -> PlaceNotice:
    """A draft for everybody in the division. Nobody is shown it until another officer approves."""
    by.require("KEEP_NOTICES")
    if not is_code(division):
        raise Refusal("PLACE_UNKNOWN", "请选择通告给哪里看。", "Choose the place that is told.")
    code = canonical(division)
    by.require_cover(code)
    fit = fit_text(text, on=day_of(at))
    require_days(valid_from, valid_until, at=at)
    with reach(by):
        _refuse_twice(by, at, code, fit)
        made = PlaceNotice.objects.create(
            division=code, jurisdiction=as_integer(code), title=fit.title, body=fit.body, title_en=fit.title_en,
            body_en=fit.body_en, valid_from=valid_from, valid_until=valid_until, author_id=by.officer_id, written_at=at,
        )  # fmt: skip
        _note(Act.NOTICE_WRITTEN, by, made)
    return made


def approve(*, by: Reach, at: datetime, id: UUID) -> PlaceNotice:
    """The second officer agrees to the text as it stands. Again by the same officer: nothing changes."""
    by.require("KEEP_NOTICES")
    with reach(by):
        one = _locked(by, id)
        if one.approver_id == by.officer_id and one.withdrawn_at is None:
            return one
        _require_state(one, at, NoticeState.WAITING)
        if one.author_id == by.officer_id:
            zh, en = (
                "起草的人不能自己批准，请另一位值班员批准。",
                "Whoever wrote it cannot approve it: another officer does.",
            )
            raise Forbidden("SAME_OFFICER", zh, en)
        one.approver_id, one.approved_at = by.officer_id, at
        one.save(update_fields=["approver", "approved_at"])
        _note(Act.NOTICE_APPROVED, by, one)
    return one


def withdraw(*, by: Reach, at: datetime, id: UUID, reason: str) -> PlaceNotice:
    """Nobody is shown it any more, or ever. One officer is enough, whoever wrote it."""
    by.require("KEEP_NOTICES")
    with reach(by):
        one = _locked(by, id)
        _require_state(one, at, NoticeState.WAITING, NoticeState.TO_COME, NoticeState.IN_FORCE)
        one.reason = fit_reason(reason, on=day_of(at))
        one.withdrawn_by_id, one.withdrawn_at = by.officer_id, at
        one.save(update_fields=["withdrawn_by", "withdrawn_at", "reason"])
        _note(Act.NOTICE_WITHDRAWN, by, one)
    return one


def _locked(by: Reach, id: UUID) -> PlaceNotice:
    """The same sentence whether there is none or it is another place's; what is seen through broken glass is only read."""
    one = PlaceNotice.objects.select_for_update().filter(pk=id).first()
    if one is None or not by.covers(one.division):
        raise NotFound("NOTICE_UNKNOWN", "辖区内没有这条通告。", "There is no such notice in your area.")
    return one


def _require_state(one: PlaceNotice, at: datetime, *states: NoticeState) -> None:
    stands = state_of(
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        approved=one.approved_at is not None,
        withdrawn=one.withdrawn_at is not None,
        at=at,
    )
    if stands not in states:
        zh, en = (
            "这条通告已经批准、撤回或到期，请刷新后再看。",
            "This notice was approved or withdrawn, or has lapsed: reload and look again.",
        )
        raise Refusal("NOTICE_DECIDED", zh, en, status=409)


def _refuse_twice(by: Reach, at: datetime, code: str, text: NoticeText) -> None:
    """A button that is pressed twice makes one notice."""
    same = PlaceNotice.objects.filter(
        division=code, author_id=by.officer_id, title=text.title, body=text.body, approved_at=None, withdrawn_at=None,
        valid_until__gt=at,
    )  # fmt: skip
    if same.exists():
        zh, en = (
            "这条通告已经写好，正等第二位值班员批准。",
            "It is written already and waits for a second officer.",
        )
        raise Refusal("NOTICE_TWICE", zh, en, status=409)


def _note(act: Act, by: Reach, one: PlaceNotice) -> None:
    """Which, where and until when: what it says stands in the notice."""
    details = {"division": one.division, "until": day_of(one.valid_until).isoformat()}
    note(act, by=by, subject=f"PLACE_NOTICE {one.id}", jurisdiction=one.jurisdiction, details=details)
