"""Reminding who has not reported two hours before a half-day is over: in the morning from 8:00, in the evening from 18:00.

One SMS to whoever holds a household's link, without a name: 请今天上午10点前为①②③打卡. Whom no link answers for, and who has no
mobile number, somebody telephones. A group robot tells its division counts. Again it writes nothing: the outbox knows each
household, half-day and robot once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.journeys.observing.calling import PURPOSE, SELECT_WRITTEN
from lianfang.kernel import phones
from lianfang.kernel.days import SHANGHAI, day_of
from lianfang.kernel.divisions import span
from lianfang.kernel.masking import UNMASKED
from lianfang.kernel.reach import Reach, reach
from lianfang.messages.models import Message
from lianfang.messages.queries import Serving, serving
from lianfang.messages.rules import Channel
from lianfang.messages.services import MessageDraft, overtake, write_messages
from lianfang.people.queries.kept import rows_kept
from lianfang.people.queries.shown import person_shown
from lianfang.quarantine.due import AS_EVER, IN_ORDER, SELECT_DUE
from lianfang.quarantine.queries.lists import WORK_LISTS, asked
from lianfang.quarantine.queries.thresholds import thresholds_at
from lianfang.quarantine.rules import Half, HalfDay, half_day
from lianfang.regions.queries import paths

LINK, ORDER, ROBOT = "CHECK_IN_LINK", "QUARANTINE_ORDER", "ROBOT"
BEFORE = timedelta(hours=2)
SLICE, MOST_SLICES = (
    500,
    10,
)  # households whose files are opened in one transaction; transactions in one round
# A household is told once for all of it, whichever slip it has by now; whom no link answers for stands alone. Links are laid
# out once and joined: row security lets no search in an array use its index.
_HOUSEHOLDS = f"""
WITH written AS MATERIALIZED (SELECT w.id FROM ({SELECT_WRITTEN}) w), held AS MATERIALIZED (
    SELECT DISTINCT ON (p.order_id) p.order_id, p.place::int, k.id, k.orders, k.jurisdiction
    FROM check_in_link k CROSS JOIN LATERAL unnest(k.orders) WITH ORDINALITY p(order_id, place)
    WHERE k.revoked_at IS NULL AND k.expires_at > %(at)s ORDER BY p.order_id, k.issued_at DESC
)
SELECT CASE WHEN l.id IS NULL THEN '{ORDER}' ELSE '{LINK}' END, coalesce(l.id, d.id),
       coalesce(min(d.jurisdiction) FILTER (WHERE d.jurisdiction = l.jurisdiction), min(d.jurisdiction)),
       array_agg(coalesce(l.place, 1) ORDER BY l.place),
       array_agg(d.id ORDER BY d.jurisdiction <> l.jurisdiction, l.place)
           || coalesce(min(l.orders::text)::uuid[], '{{}}')
FROM ({SELECT_DUE}) d LEFT JOIN held l ON l.order_id = d.id
WHERE NOT EXISTS (SELECT FROM written w WHERE w.id = d.id)
GROUP BY 1, 2 ORDER BY 3, 2 LIMIT {SLICE}
"""
# Written and not sent, and nobody for whom it was written is due any more: he reported, or is observed no longer.
_OVERTAKEN = f"""
WITH waiting AS MATERIALIZED (
    SELECT m.id, coalesce(p.order_id, m.subject_id) AS order_id
    FROM message m LEFT JOIN check_in_link k ON k.id = m.subject_id LEFT JOIN LATERAL unnest(k.orders) p(order_id) ON true
    WHERE m.channel = 'SMS' AND m.next_at IS NOT NULL AND m.claimed_at IS NULL
      AND m.purpose = '{PURPOSE}' AND m.on_day = %(today)s AND m.half = %(h_half)s
)
SELECT w.id FROM waiting w LEFT JOIN ({SELECT_DUE}) d ON d.id = w.order_id GROUP BY w.id HAVING count(d.id) = 0
"""
# Whose order is over left, or is no longer asked: nothing about the others is sent to him.
_HOLDERS = "SELECT id, person_id FROM quarantine_order WHERE id = ANY(%(orders)s) AND ended_at IS NULL"
_OF_ROBOTS = f"""
SELECT r.n, count(*), count(*) FILTER (WHERE w.reported)
FROM unnest(%(los)s::bigint[], %(his)s::bigint[]) WITH ORDINALITY r(lo, hi, n)
JOIN {WORK_LISTS} w ON w.jurisdiction BETWEEN r.lo AND r.hi
WHERE w.called_for GROUP BY r.n
"""


class ToRemind(NamedTuple):
    """A household (its link), or one person whom no link answers for: who of it is due, by place on the slip.

    `orders`: those due at the link's own place, those due elsewhere, and then whoever stands on the slip.
    """

    kind: str
    id: UUID
    jurisdiction: int
    places: list[int]
    orders: list[UUID]


def due_round(at: datetime) -> HalfDay | None:
    """The half-day whose round it is: from two hours before its deadline until then."""
    this = half_day(at)
    deadline = thresholds_at(at).deadline(this)
    return this if deadline - BEFORE <= at < deadline else None


def remind(worker: Reach, at: datetime) -> int:
    """Answers how many messages were written."""
    this = due_round(at)
    if this is None:
        return 0
    with reach(worker):
        overtake(by=worker, at=at, messages=_overtaken(at))
        written = _tell_groups(worker, at, this)
    for _ in range(MOST_SLICES):
        with reach(worker):
            found = _households(at)
            written += write_messages(by=worker, at=at, messages=_drafts(found, this, at))
        if len(found) < SLICE:
            break
    return written


def _overtaken(at: datetime) -> list[UUID]:
    return [id for (id,) in _asked(_OVERTAKEN, at)]


def _households(at: datetime) -> list[ToRemind]:
    return [ToRemind(*row) for row in _asked(_HOUSEHOLDS, at)]


def _asked(statement: str, at: datetime) -> list[tuple[Any, ...]]:
    """What is asked after it is planned as ever."""
    with connection.cursor() as cursor:
        cursor.execute(IN_ORDER)
        cursor.execute(statement, asked(at))
        rows = cursor.fetchall()
        cursor.execute(AS_EVER)
    return rows


def _drafts(found: Sequence[ToRemind], this: HalfDay, at: datetime) -> list[MessageDraft]:
    """The number is that of the first who has a mobile, of those due before the others on the slip; without one the household
    stands on the call list."""
    numbers = _numbers(found, at)
    deadline = thresholds_at(at).deadline(this)
    return [_draft(one, numbers, this, deadline) for one in found]


def _draft(
    one: ToRemind, numbers: dict[UUID, tuple[UUID, str]], this: HalfDay, deadline: datetime
) -> MessageDraft:
    holder = next((numbers[id] for id in one.orders if id in numbers), None) if one.kind == LINK else None
    said: dict[str, Any] = {
        "subject_kind": one.kind, "subject_id": one.id, "jurisdiction": one.jurisdiction, "purpose": PURPOSE,
        "on_day": this.day, "half": str(this.half), "until_at": deadline,
    }  # fmt: skip
    if holder is None:
        return MessageDraft(channel=Channel.CALL_LIST, **said)
    person, number = holder
    return MessageDraft(
        channel=Channel.SMS, person_id=person, phone=number, text=sms(one.places, _by(deadline)), **said
    )


def sms(places: Sequence[int], by: str) -> str:
    """请在今天上午10点前为①②③打卡: by their places on the slip, nobody by name."""
    who = "".join(_circled(place) for place in places)
    return f"【疫情联防】请在今天{by}前为{who}打卡：用告知书上的码或链接，填体温和症状。不方便时请打当地责任人电话。"


def _by(deadline: datetime) -> str:
    local = deadline.astimezone(SHANGHAI)
    half = "上午" if local.hour < 12 else "晚上" if local.hour >= 18 else "下午"
    return f"{half}{local.hour if local.hour <= 12 else local.hour - 12}点{f'{local.minute}分' if local.minute else ''}"


def _circled(place: int) -> str:
    """① to ⑳, then ㉑ to ㉟; a slip has thirty places."""
    return chr(0x245F + place) if place <= 20 else chr(0x3251 + place - 21)


def _numbers(found: Sequence[ToRemind], at: datetime) -> dict[UUID, tuple[UUID, str]]:
    """Order → whose file it is and a mobile number from it, of those who have one. Two questions for a slice."""
    wanted = [id for one in found if one.kind == LINK for id in one.orders]
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, {"orders": wanted})
        people = dict(cursor.fetchall())
    kept = rows_kept(set(people.values()))
    shown = {id: person_shown(row, UNMASKED, on=day_of(at)) for id, row in kept.items()}
    read = {id: phones.read(one.phone) for id, one in shown.items() if one.phone}
    mobiles = {id: number.key for id, number in read.items() if number.kind == phones.MOBILE}
    return {order: (person, mobiles[person]) for order, person in people.items() if person in mobiles}


def _tell_groups(worker: Reach, at: datetime, this: HalfDay) -> int:
    """Each robot once a round: how many of its division reported, of how many of whom it is asked."""
    told = Message.objects.filter(
        channel=Channel.ROBOT, purpose=PURPOSE, on_day=this.day, half=str(this.half)
    )
    known = set(told.values_list("robot_id", flat=True))
    robots = [robot for robot in serving(worker=worker) if robot.id not in known]
    if not robots:
        return 0
    spans = [span(robot.division) for robot in robots]
    with connection.cursor() as cursor:
        cursor.execute(
            _OF_ROBOTS, asked(at) | {"los": [lo for lo, _ in spans], "his": [hi for _, hi in spans]}
        )
        figures = {n: (called_for, reported) for n, called_for, reported in cursor.fetchall()}
    names, deadline = (
        paths([robot.division for robot in robots], day_of(at)),
        thresholds_at(at).deadline(this),
    )
    drafts = [
        _robot(robot, this, deadline, _counted(_headed(robot, names, this, at), deadline, *figures[n]))
        for n, robot in enumerate(robots, start=1)
        if n in figures and figures[n][0] > figures[n][1]
    ]
    return write_messages(by=worker, at=at, messages=drafts)


def _robot(robot: Serving, this: HalfDay, deadline: datetime, text: str) -> MessageDraft:
    return MessageDraft(
        channel=Channel.ROBOT, subject_kind=ROBOT, subject_id=robot.id, robot_id=robot.id, jurisdiction=robot.jurisdiction,
        purpose=PURPOSE, on_day=this.day, half=str(this.half), until_at=deadline, text=text,
    )  # fmt: skip


def _headed(robot: Serving, names: Mapping[str, str], this: HalfDay, at: datetime) -> str:
    """Which place, and as of when: it may be read later than it was counted."""
    half = "上午" if this.half == Half.MORNING else "下午"
    place = names.get(robot.division, robot.division)
    return f"{place}{half}打卡，截至 {at.astimezone(SHANGHAI):%H:%M}"


def _counted(headed: str, deadline: datetime, called_for: int, reported: int) -> str:
    left = called_for - reported
    return f"{headed}：应报 {called_for} 人，已报 {reported} 人，还有 {left} 人未报，请在{_by(deadline)}前提醒补报。"
