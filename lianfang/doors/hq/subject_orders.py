"""How the person at the counter was quarantined, in words: why, what was done about it, what was needed, what was reported."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from lianfang.doors.hq.referral_shown import places_of
from lianfang.doors.hq.subject_told import Fact
from lianfang.doors.tags import moment_to_the_second, word
from lianfang.quarantine.queries.of_people import CareAsked, EventDone, ReportTold, SubjectOrder

Places = dict[str, str]


def order_facts(found: Sequence[SubjectOrder], at: datetime) -> list[list[Fact]]:
    places = places_of((told.order.division for told in found), at)
    return [
        [Fact(key, str(label), value) for key, label, value in _facts(one, places) if value] for one in found
    ]


def _facts(told: SubjectOrder, places: Places) -> Iterator[tuple[str, object, str]]:
    one = told.order
    yield "number", _("编号"), one.shown_number
    yield "kind", _("隔离方式"), word(one.kind, "ORDER_KINDS")
    yield "where", _("所在地"), places.get(one.division, one.division)
    yield "room", _("房间"), one.room or ""
    yield "reasons", _("事由"), "；".join(word(reason.kind, "REASON_KINDS") for reason in told.reasons)
    yield "days", _("观察期"), f"{one.day0_on.isoformat()} — {one.last_on.isoformat()}"
    yield "order_state", _("现在怎样"), word(one.state, "ORDER_STATES")
    yield "care", _("照料"), "；".join(map(_care, told.care))
    yield "events", _("经过"), "；".join(map(_event, told.events))
    yield "reports", _("健康打卡"), "；".join(map(_report, told.reports))


def _event(done: EventDone) -> str:
    note = done.written.note if done.written else ""
    return " ".join(filter(None, (moment_to_the_second(done.at), word(done.kind, "ORDER_ACTS"), note)))


def _care(asked: CareAsked) -> str:
    told = asked.told
    said = (told.need, told.carer, told.phone) if told else ()
    return " ".join(filter(None, (word(asked.kind, "CARE_KINDS"), *said)))


def _report(told: ReportTold) -> str:
    celsius = f"{told.celsius} ℃" if told.celsius is not None else ""
    half = word(told.half, "HALVES")
    return " ".join(
        filter(None, (f"{told.on_day.isoformat()} {half}", celsius, word(told.verdict, "REPORT_VERDICTS")))
    )
