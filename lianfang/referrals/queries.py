"""Questions about referrals. Lists are keyset pages over the open ones; every count opens to its list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from lianfang.kernel.divisions import span, span_of
from lianfang.kernel.reach import Hand, Reach
from lianfang.kernel.refusals import NotFound
from lianfang.kernel.waking import is_night
from lianfang.kernel.within import covered, held, within
from lianfang.referrals.models import Referral, ReferralEvent, WaitingFact
from lianfang.referrals.seeing import seen_from
from lianfang.referrals.services.writing import ReferralNote, opened
from lianfang.referrals.states import Kind, ReferralState

PAGE = 50
# The lists of a desk, in the order in which they are worked through. Each is open referrals but the settled ones.
LISTS = (
    "LATE",
    "CALL",
    "UNACCEPTED",
    "WRONG_ADDRESS",
    "NOT_HERE",
    "OUTSIDE",
    "ACCEPTED",
    "ARRIVED",
    "MOVED_ON",
)
SETTLED = ("ARRIVED", "MOVED_ON")
LEVELS = ("TOWNSHIP", "COUNTY", "CITY")
# At night, whoever must not wait, is not taken over, and has not been telephoned about since he was sent.
_TO_CALL = """%(night)s AND urgent AND state = 'SENT' AND NOT EXISTS (
    SELECT FROM referral_event e WHERE e.referral_id = referral.id AND e.kind = 'CALLED' AND e.received_at >= referral.sent_at)"""
# He moves on before the next place has him, in one and the same moment.
IN_ORDER = ("occurred_at", "received_at", Case(When(kind=Kind.MOVED_ON, then=0), default=1), "id")
_DUE = {"TOWNSHIP": "due_at", "COUNTY": "county_due_at", "CITY": "city_due_at"}


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """Some referrals; `after` continues where it ends, None at the end."""

    referrals: list[Referral]
    after: str | None


class ReferralsCounted(NamedTuple):
    """How many stand on each list of a place, now."""

    late: int
    unaccepted: int
    wrong_address: int
    not_here: int
    outside: int
    accepted: int
    arrived: int
    moved_on: int
    call: int = 0

    @property
    def open(self) -> int:
        """Nobody has found them yet."""
        return self.unaccepted + self.wrong_address + self.not_here + self.outside + self.accepted


class PlaceLine(NamedTuple):
    """A division one level down: what came, what was taken over, what is late, by count of people."""

    code: str
    sent: int
    accepted: int
    arrived: int
    open: int
    late: int
    oldest_due_at: datetime | None


class EventTold(NamedTuple):
    """One line of a referral's history."""

    event: ReferralEvent
    written: ReferralNote | None


def level_of_desk(lo: int, hi: int) -> str:
    """Which of the three clocks a desk over this span works by: TOWNSHIP, COUNTY or CITY."""
    width = hi - lo + 1
    if width <= 10**9:
        return "TOWNSHIP"
    return "COUNTY" if width <= 10**12 else "CITY"


def referrals(
    reach: Reach,
    *,
    which: str,
    at: datetime,
    level: str,
    division: str | None = None,
    after: str | None = None,
    sent: bool = False,
    since: datetime | None = None,
) -> ReferralPage:
    """One list (of LISTS), at most PAGE. `since`: handed over from then on. `sent`: those that the officer's own area sent
    elsewhere, not those that come.
    """
    reach.require("VIEW_REFERRALS")
    here = _sent_away(reach) if sent else within(reach)
    rows = _of_list(Referral.objects.filter(here), which, at, level)
    if division is not None:
        lo, hi = span(division)
        rows = rows.filter(jurisdiction__gte=lo, jurisdiction__lte=hi)
    if since is not None:
        rows = rows.filter(sent_at__gte=since)
    open_list = which not in SETTLED
    rows = rows.order_by("due_at", "id") if open_list else rows.order_by("-sent_at", "-id")
    found = list(_from(rows, after, open_list)[: PAGE + 1])
    return ReferralPage(found[:PAGE], _key(found[PAGE - 1], open_list) if len(found) > PAGE else None)


def counted(
    reach: Reach,
    *,
    at: datetime,
    level: str,
    since: datetime,
    division: str | None = None,
    sent: bool = False,
) -> ReferralsCounted:
    """Every list in one question. Those that are settled count from `since` on."""
    reach.require("VIEW_REFERRALS")
    here = _sent_away_written_out(reach) if sent else covered(reach)
    lo, hi = span_of(division)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT count(*) FILTER (WHERE state IN ('SENT', 'OUTSIDE') AND {_DUE[level]} <= %(at)s),
                count(*) FILTER (WHERE state = 'SENT'),
                count(*) FILTER (WHERE state = 'WRONG_ADDRESS'), count(*) FILTER (WHERE state = 'NOT_HERE'),
                count(*) FILTER (WHERE state = 'OUTSIDE'), count(*) FILTER (WHERE state = 'ACCEPTED'),
                count(*) FILTER (WHERE state = 'ARRIVED' AND sent_at >= %(since)s),
                count(*) FILTER (WHERE state = 'MOVED_ON' AND sent_at >= %(since)s),
                count(*) FILTER (WHERE {_TO_CALL})
            FROM referral WHERE {here} AND jurisdiction BETWEEN %(lo)s AND %(hi)s
              AND (state IN ('SENT', 'ACCEPTED', 'NOT_HERE', 'WRONG_ADDRESS', 'OUTSIDE')
                   OR (sent_at >= %(since)s AND state IN ('ARRIVED', 'MOVED_ON')))""",
            {"at": at, "since": since, "lo": lo, "hi": hi, "night": is_night(at)},
        )
        return ReferralsCounted(*cursor.fetchone())


def by_place(
    reach: Reach,
    *,
    at: datetime,
    since: datetime,
    division: str,
    digits: int,
    level: str = "TOWNSHIP",
    only_late: bool = False,
) -> list[PlaceLine]:
    """The places one level down in a division, those with the most that is late first: who has not done it.

    `digits`: of the codes counted by: 6 by county, 9 by township, 12 by village, 15 by grid. `only_late`: where anybody is.
    """
    reach.require("VIEW_REFERRALS")
    lo, hi = span(division)
    late = f"count(*) FILTER (WHERE state IN ('SENT', 'OUTSIDE') AND {_DUE[level]} <= %(at)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT lpad((jurisdiction / %(scale)s)::text, %(digits)s, '0') AS code, count(*),
                count(*) FILTER (WHERE accepted_at IS NOT NULL), count(*) FILTER (WHERE state = 'ARRIVED'),
                count(*) FILTER (WHERE state IN ('SENT', 'ACCEPTED', 'NOT_HERE', 'WRONG_ADDRESS', 'OUTSIDE')),
                {late} AS late, min(due_at) FILTER (WHERE state IN ('SENT', 'OUTSIDE'))
            FROM referral WHERE {covered(reach)} AND jurisdiction BETWEEN %(lo)s AND %(hi)s
              AND (sent_at >= %(since)s OR state IN ('SENT', 'ACCEPTED', 'NOT_HERE', 'WRONG_ADDRESS', 'OUTSIDE'))
            GROUP BY jurisdiction / %(scale)s HAVING NOT %(only_late)s OR {late} > 0 ORDER BY late DESC, 1""",
            {
                "digits": digits, "scale": 10 ** (18 - digits), "lo": lo, "hi": hi, "at": at, "since": since,
                "only_late": only_late,
            },
        )  # fmt: skip
        return [PlaceLine(*row) for row in cursor.fetchall()]


def referral(reach: Reach, id: UUID) -> Referral | None:
    return referrals_by_id(reach, [id]).get(id)


def referrals_by_id(reach: Reach, ids: Sequence[UUID]) -> Mapping[UUID, Referral]:
    """Those of them that the officer may see."""
    reach.require("VIEW_REFERRALS")
    return {one.id: one for one in Referral.objects.filter(seen_from(reach), pk__in=ids)}


def history(reach: Reach, found: Referral) -> list[EventTold]:
    """Everything done about the person since he was registered, through every place he moved on to, the oldest first."""
    reach.require("VIEW_REFERRALS")
    chain = Referral.objects.filter(registration_id=found.registration_id).values_list("pk", flat=True)
    events = ReferralEvent.objects.filter(referral_id__in=list(chain)).order_by(*IN_ORDER)
    return [EventTold(event, opened(event) if within_own(reach, event) else None) for event in events]


def event_of(reach: Reach, referral: UUID, id: UUID) -> ReferralEvent:
    """The letter that went out with this act."""
    reach.require("VIEW_REFERRALS")
    rows = ReferralEvent.objects.filter(pk=id, referral_id=referral, kind=Kind.LETTER_SENT)
    found = rows.first()
    if found is None or not within_own(reach, found):
        raise NotFound("LETTER_NOT_SENT", "辖区内没有这份协查函。", "There is no such letter in your area.")
    return found


def within_own(reach: Hand, event: ReferralEvent) -> bool:
    """What was written at a door is read where the door is, not where he came from; what goes with him, where he is sent."""
    read_at = (event.jurisdiction, span(event.destination)[0] if event.destination else -1)
    return any(lo <= place <= hi for place in read_at for lo, hi in reach.readable)


def called(reach: Reach, ids: Sequence[UUID]) -> Mapping[UUID, datetime]:
    """Referral → when somebody last rang whoever answers for the place."""
    reach.require("VIEW_REFERRALS")
    rows = ReferralEvent.objects.filter(referral_id__in=ids, kind=Kind.CALLED).order_by("received_at")
    return dict(rows.values_list("referral_id", "received_at"))


def of_registrations(reach: Reach, ids: Sequence[UUID]) -> Mapping[UUID, Referral]:
    """Registration → where its person stands now: the newest referral of each."""
    if not reach.may("VIEW_REFERRALS"):
        return {}
    rows = Referral.objects.filter(registration_id__in=ids).order_by("sent_at", "id")
    return {row.registration_id: row for row in rows}


def of_party(reach: Reach, found: Referral) -> list[Referral]:
    """Those who came in the same vehicle and are handed over too: a family is shown together."""
    reach.require("VIEW_REFERRALS")
    return list(
        Referral.objects.filter(within(reach), passage_id=found.passage_id)
        .exclude(registration_id=found.registration_id)
        .exclude(state__in=[ReferralState.MOVED_ON, ReferralState.WITHDRAWN])
        .order_by("registration_id")
    )


def waiting(reach: Reach, *, room: str | None = None) -> list[WaitingFact]:
    """Facts that wait for a room that does not stand yet, the oldest first, at most 200."""
    reach.require("VIEW_REFERRALS")
    rows = WaitingFact.objects.filter(held(reach), closed_at=None)
    return list((rows.filter(room=room) if room else rows).order_by("since", "id")[:200])


def _sent_away(reach: Reach) -> Q:
    return (within(reach, "origin") | within(reach, "placed_from")) & ~within(reach)


def _sent_away_written_out(reach: Reach) -> str:
    return f"({covered(reach, 'origin')} OR {covered(reach, 'placed_from')}) AND NOT {covered(reach)}"


def count_waiting(reach: Reach) -> int:
    reach.require("VIEW_REFERRALS")
    return WaitingFact.objects.filter(held(reach), closed_at=None).count()


def _of_list(rows: QuerySet[Referral], which: str, at: datetime, level: str) -> QuerySet[Referral]:
    if which == "LATE":
        return rows.filter(
            state__in=[ReferralState.SENT, ReferralState.OUTSIDE], **{f"{_DUE[level]}__lte": at}
        )
    if which == "UNACCEPTED":
        return rows.filter(state=ReferralState.SENT)
    if which == "CALL":
        rang = ReferralEvent.objects.filter(
            referral_id=OuterRef("pk"), kind=Kind.CALLED, received_at__gte=OuterRef("sent_at")
        )
        return (
            rows.filter(~Exists(rang), urgent=True, state=ReferralState.SENT) if is_night(at) else rows.none()
        )
    return rows.filter(state=ReferralState(which))


def _key(row: Referral, open_list: bool) -> str:
    moment = row.due_at if open_list else row.sent_at
    return f"{moment.timestamp()}_{row.id}"


def _from(rows: QuerySet[Referral], after: str | None, open_list: bool) -> QuerySet[Referral]:
    if not after:
        return rows
    moment, _, id = after.partition("_")
    when, last = datetime.fromtimestamp(float(moment)).astimezone(), UUID(id)
    if open_list:
        return rows.filter(Q(due_at__gt=when) | Q(due_at=when, id__gt=last))
    return rows.filter(Q(sent_at__lt=when) | Q(sent_at=when, id__lt=last))
