"""Acts on postings: a role over a division is granted, ended, changed for another. Whoever grants, grants to others."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from lianfang.command.models import Glass, Officer, Posting
from lianfang.command.queries.officers import in_service_within, lasting_beyond, lies_within
from lianfang.command.roles import ROLES
from lianfang.command.rules import (
    ADMINISTRATORS,
    NOT_GRANTED,
    Held,
    already_covering,
    is_the_last,
    of_another_role,
    too_close,
)
from lianfang.command.services.officers import post
from lianfang.kernel.audit import Act, note
from lianfang.kernel.divisions import is_code, span
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal


@transaction.atomic
def grant_posting(
    *, by: Reach, officer_id: UUID, role: str, division: str, until: datetime | None = None, at: datetime
) -> Posting:
    """Gives an officer a role over a division from now on, until a moment or until it is ended."""
    by.require("GRANT_POSTINGS")
    return _grant(by, locked_officer(by, officer_id, at=at), role, division, until, at)


@transaction.atomic
def end_posting(*, by: Reach, id: UUID, at: datetime) -> Posting:
    """From now on it permits nothing and reaches nowhere."""
    by.require("GRANT_POSTINGS")
    posting = _locked_posting(by, id, at=at)
    _end(by, posting, at)
    return posting


@transaction.atomic
def move_posting(
    *, by: Reach, id: UUID, role: str, division: str, until: datetime | None = None, at: datetime
) -> Posting:
    """Ends a posting and grants another in its place, both or neither."""
    by.require("GRANT_POSTINGS")
    posting = _locked_posting(by, id, at=at)
    _end(by, posting, at)
    return _grant(by, posting.officer, role, division, until, at)


def locked_officer(by: Reach, officer_id: UUID, *, at: datetime) -> Officer:
    """An officer in service whom `by` may act on, held until the transaction ends. Nobody acts on himself."""
    officer = in_service_within(by, at=at).select_for_update(no_key=True).filter(pk=officer_id).first()
    if officer is None:
        raise unknown_officer()
    if officer.id == by.officer_id:
        raise Forbidden(
            "NOT_ONESELF",
            "不能给自己办，请另一名管理员来办。",
            "Nobody does this to himself: ask another administrator.",
        )
    return officer


def unknown_officer() -> NotFound:
    """The same sentence whether there is none, he left, or he belongs to the next county."""
    return NotFound("OFFICER_UNKNOWN", "辖区内没有这名工作人员。", "There is no such officer in your area.")


def end_all(*, by: Reach, officer: Officer, at: datetime) -> int:
    """Ends every posting that goes on, of an officer who leaves. How many there were."""
    lasting = list(Posting.objects.filter(lasting_beyond(at), officer=officer).order_by("id"))
    for posting in lasting:
        _end(by, posting, at)
    return len(lasting)


def _locked_posting(by: Reach, id: UUID, *, at: datetime) -> Posting:
    lasting = Posting.objects.filter(lasting_beyond(at), lies_within(by), pk=id, from_at__lt=at)
    found = lasting.values_list("officer_id", flat=True).first()
    if found is not None:
        officer = locked_officer(by, found, at=at)
        # Asked again behind the lock: somebody else may have ended it meanwhile.
        posting = lasting.first()
        if posting is not None:
            posting.officer = officer
            return posting
    raise NotFound(
        "POSTING_UNKNOWN", "辖区内没有这项任职，或者已经结束。", "There is no such posting, or it has ended."
    )


def _grant(
    by: Reach, officer: Officer, role: str, division: str, until: datetime | None, at: datetime
) -> Posting:
    _require_grantable(by, role, division, until, at)
    held = [held_as(one) for one in officer.postings.all()]
    _require_apart(role, division, held, at)
    try:
        with transaction.atomic():
            made = post(officer=officer, role=role, division=division, until=until, by=by, at=at)
    except IntegrityError as error:
        raise _changed_meanwhile() from error
    _note(Act.POSTING_GRANTED, by, made)
    return made


def _require_grantable(by: Reach, role: str, division: str, until: datetime | None, at: datetime) -> None:
    if role not in ROLES or role in NOT_GRANTED:
        raise Refusal("ROLE_UNKNOWN", "没有这个岗位。", "There is no such role.")
    if not is_code(division):
        raise Refusal("DIVISION_UNKNOWN", "没有这个区划代码。", "No division has this code.")
    by.require_cover(division)
    if until is not None and until <= at:
        raise Refusal("UNTIL_PAST", "截止日期要在今天或以后。", "The last day is today or later.")


def _require_apart(role: str, division: str, held: list[Held], at: datetime) -> None:
    other = of_another_role(role, held, at=at)
    if other is not None:
        raise Refusal(
            "ONE_ROLE",
            f"已任{ROLES[other.role].name}。一人同时只任一个岗位：请改任，或先结束原任职。",
            "Holds another role already. One role at a time: change it, or end the other first.",
            status=409,
        )
    close = too_close(role, held, at=at)
    if close is not None:
        raise Refusal(
            "THREE_PEOPLE",
            f"24 小时内任过{ROLES[close.role].name}。系统、安全、审计三员由三个人分任，请另派一人，或过 24 小时再授。",
            "Held another of the three administrators' offices within 24 hours. They are three people: "
            "choose somebody else, or wait until 24 hours have passed.",
            status=409,
        )
    if already_covering(role, *span(division), held, at=at) is not None:
        raise Refusal("ALREADY_POSTED", "已在这里任这个岗位。", "Holds this role here already.", status=409)


def _end(by: Reach, posting: Posting, at: datetime) -> None:
    _require_successor(posting, at)
    Posting.objects.filter(pk=posting.pk).update(until_at=at, ended_by=by.officer_id)
    # Glass was broken out of that office; what it opened closes with it.
    open_still = Glass.objects.filter(officer=posting.officer_id, closed_at=None, ends_at__gt=at)
    open_still.update(closed_at=at, closed_by=by.officer_id)
    posting.until_at, posting.ended_by = at, by.officer_id
    _note(Act.POSTING_ENDED, by, posting)


def _require_successor(posting: Posting, at: datetime) -> None:
    """Held until the transaction ends, so that two administrators cannot end one another at once."""
    if posting.role not in ADMINISTRATORS:
        return
    same = Posting.objects.filter(
        lasting_beyond(at), role=posting.role, from_at__lte=at, officer__left_at=None
    )
    lasting = same.select_related("officer").select_for_update(of=("self",)).order_by("id")
    if is_the_last(held_as(posting), [held_as(one) for one in lasting]):
        raise Refusal(
            "LAST_ADMINISTRATOR",
            f"没有别人长期任{ROLES[posting.role].name}管这片辖区了：请先授给接任的人，等他激活账号。",
            "Nobody else holds this office over the whole area for good: post a successor first, who has signed up.",
            status=409,
        )


def held_as(posting: Posting) -> Held:
    return Held(
        officer_id=posting.officer_id,
        role=posting.role,
        lo=posting.lo,
        hi=posting.hi,
        from_at=posting.from_at,
        until_at=posting.until_at,
        signs_in=posting.officer.password_set_at is not None,
    )


def _note(act: Act, by: Reach, posting: Posting) -> None:
    details = {"role": posting.role, "division": posting.division, "posting": str(posting.id)}
    if posting.until_at is not None:
        details["until"] = posting.until_at.isoformat()
    note(act, by=by, subject=f"OFFICER {posting.officer_id}", jurisdiction=posting.lo, details=details)


def _changed_meanwhile() -> Refusal:
    return Refusal(
        "CHANGED_MEANWHILE",
        "刚才有人改过这个人的任职，请重新打开再办。",
        "Somebody has just changed this officer's postings: open the page again.",
        status=409,
    )
