"""What a desk asks about rules: what is in force and until when, which drafts there are, what a draft lacks.

Rules are nobody's data: the permission is asked, no area.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical, is_code
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound
from lianfang.regions.queries import registered
from lianfang.screening.book import BASIC, HEARD_AFTER, RuleBook, made_of
from lianfang.screening.compiling import Compiled, compiled
from lianfang.screening.form import FORM
from lianfang.screening.models import RuleDraft, StoredRuleSet
from lianfang.screening.queries import book
from lianfang.screening.rules import RuleSet
from lianfang.screening.shipped import SHIPPED, shipped

EMPTY = "EMPTY"  # what a draft may begin from, besides codes, hashes and ids
LISTED = 50
_is_hash = re.compile(r"[0-9a-f]{16}").fullmatch

_PERIODS = """
SELECT p.id, p.rule_set, s.content::json -> 'title', lower(p.during), upper(p.during), p.approved_at, p.reason,
       coalesce(proposer.name, ''), coalesce(approver.name, ''), coalesce(ender.name, ''), p.ended_for, p.draft_id
FROM rule_period p JOIN rule_set s ON s.hash = p.rule_set
LEFT JOIN officer proposer ON proposer.id = p.proposed_by_id
LEFT JOIN officer approver ON approver.id = p.approved_by_id LEFT JOIN officer ender ON ender.id = p.ended_by_id
WHERE lower(p.during) <= CASE WHEN p.draft_id IS NULL THEN %(at)s ELSE %(heard)s END AND (p.rule_set = %(hash)s OR %(hash)s IS NULL)
ORDER BY p.during DESC LIMIT %(limit)s
"""
_DRAFTS = """
SELECT d.id, d.state, d.content -> 'title',
       CASE jsonb_typeof(d.content -> 'rows') WHEN 'array' THEN jsonb_array_length(d.content -> 'rows') ELSE 0 END,
       d.revision, drafter.name, d.drafted_at, changer.name, d.changed_at, coalesce(proposer.name, ''), d.proposed_at,
       d.days, d.reason, coalesce(decider.name, ''), d.decided_at, d.answer,
       d.based_on, d.before IS NOT NULL, d.trial, ARRAY[d.drafted_by_id, d.changed_by_id, d.proposed_by_id]
FROM rule_draft d JOIN officer drafter ON drafter.id = d.drafted_by_id
JOIN officer changer ON changer.id = d.changed_by_id LEFT JOIN officer proposer ON proposer.id = d.proposed_by_id
LEFT JOIN officer decider ON decider.id = d.decided_by_id
WHERE d.id = %(id)s OR %(id)s IS NULL
ORDER BY d.state = 'PROPOSED' DESC, d.state = 'DRAFT' DESC, d.changed_at DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period as it is listed. Without names it was laid by the program. `ended_by`: who ended it before its time."""

    id: UUID
    hash: str
    title: Mapping[str, str]
    since: datetime
    until: datetime
    approved_at: datetime
    reason: str
    proposed_by: str
    approved_by: str
    ended_by: str
    ended_for: str
    draft_id: UUID | None


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft as it is listed. `hands`: whoever drafted, changed last or proposed it, none of whom may approve it.

    `has_before`: its content can be taken one step back. `trial`: the numbers it was tried with last.
    """

    id: UUID
    state: str
    title: Any
    rows: int
    revision: int
    drafted_by: str
    drafted_at: datetime
    changed_by: str
    changed_at: datetime
    proposed_by: str
    proposed_at: datetime | None
    days: int | None
    reason: str
    decided_by: str
    decided_at: datetime | None
    answer: str
    based_on: str
    has_before: bool
    trial: Mapping[str, Any] | None
    hands: tuple[UUID, ...]


class RulesStanding(NamedTuple):
    """What decides now. `period` None: nobody has put anything in force, and BASIC decides. `coming`: in a few seconds."""

    rule_set: RuleSet
    period: PeriodLine | None
    lapsed: bool
    coming: PeriodLine | None = None


def periods(
    reach: Reach, *, at: datetime, content_hash: str | None = None, limit: int = LISTED
) -> list[PeriodLine]:
    """Those that have begun, and one that is approved and begins within seconds; of one rule set, or all. The newest first."""
    reach.require("VIEW_RULES")
    with connection.cursor() as cursor:
        cursor.execute(_PERIODS, {"at": at, "heard": at + HEARD_AFTER, "hash": content_hash, "limit": limit})
        return [PeriodLine(row[0], row[1], _read(row[2]), *row[3:]) for row in cursor.fetchall()]


def standing(reach: Reach, *, at: datetime) -> RulesStanding:
    """What is in force, or has lapsed. What cannot be read decides nothing: the book goes on with what was before."""
    lines = periods(reach, at=at, limit=2)
    coming = next((line for line in lines if line.since > at), None)
    newest = next((line for line in lines if line.since <= at), None)
    if newest is None:
        return RulesStanding(BASIC, None, lapsed=False, coming=coming)
    try:
        rule_set = known(newest.hash)
    except NotFound:
        return RulesStanding(book().at(at).rule_set, newest, lapsed=True, coming=coming)
    return RulesStanding(rule_set, newest, lapsed=newest.until <= at, coming=coming)


def drafts(reach: Reach, *, limit: int = LISTED) -> list[DraftLine]:
    """Proposals first, then what is being drafted, then what is decided; the newest of each first."""
    reach.require("DRAFT_RULES")
    return _drafts(None, limit)


def draft_line(reach: Reach, id: UUID) -> DraftLine | None:
    reach.require("DRAFT_RULES")
    return next(iter(_drafts(id, 1)), None)


def draft_content(reach: Reach, id: UUID) -> dict[str, Any] | None:
    """The table of a draft as it is edited."""
    reach.require("DRAFT_RULES")
    return RuleDraft.objects.filter(pk=id).values_list("content", flat=True).first()


def content_before(reach: Reach, id: UUID) -> dict[str, Any] | None:
    """What a draft held one step back."""
    reach.require("DRAFT_RULES")
    return RuleDraft.objects.filter(pk=id).values_list("before", flat=True).first()


def _drafts(id: UUID | None, limit: int) -> list[DraftLine]:
    with connection.cursor() as cursor:
        cursor.execute(_DRAFTS, {"id": id, "limit": limit})
        rows = cursor.fetchall()
    told = (
        (*row[:2], _read(row[2]), *row[3:-2], _read(row[-2]), tuple(filter(None, row[-1]))) for row in rows
    )
    return [DraftLine(*fields) for fields in told]


def _read(told: Any) -> Any:
    return json.loads(told) if isinstance(told, str) else told


def known(content_hash: str) -> RuleSet:
    """A rule set that is or was in force here, or comes with the program. Raises NotFound. One question each time."""
    if not _is_hash(content_hash):
        raise unknown_rule_set()
    kept = StoredRuleSet.objects.filter(pk=content_hash).values_list("content", flat=True).first()
    try:
        return made_of(content_hash, kept) if kept is not None else RuleBook().named(content_hash)
    except (KeyError, ValueError):  # not known, or not what it is called
        raise unknown_rule_set() from None


def content_of(from_: str) -> dict[str, Any]:
    """What a draft begins from: EMPTY, the code of a shipped set, a hash, or the id of a draft."""
    if from_ == EMPTY:
        nothing: dict[str, Any] = {"title": {"zh": "", "en": ""}, "source": "", "areas": [], "questions": []}
        return {"form": FORM, **nothing, "rows": []}
    if from_ in SHIPPED:
        return json.loads(json.dumps(shipped(from_).content))
    found = RuleDraft.objects.filter(pk__in=_ids(from_)).values_list("content", flat=True).first()
    return known(from_).content() if found is None else found


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []


def checked(content: Mapping[str, Any], *, at: datetime) -> Compiled:
    """What the compiler says of it as of that day, in one question however many divisions are named."""
    known = registered(set(_codes_in(content)), day_of(at))
    return compiled(content, exists=known.__contains__, on=day_of(at), names=known)


def _codes_in(content: Any) -> Iterator[str]:
    """Every text that could be a division's code, wherever it stands, as the register keeps it."""
    waiting = [content]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            waiting.extend(one.values())
        elif isinstance(one, list | tuple):
            waiting.extend(one)
        elif isinstance(one, str) and is_code(one):
            yield canonical(one)


def unknown_rule_set() -> NotFound:
    return NotFound("RULE_SET_UNKNOWN", "没有这份规则。", "There is no such rule set.")
