"""To whom the person at the counter was handed over and what became of it, in words. Who acted is not told: what was done is."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from lianfang.doors.hq.referral_shown import home_of, measures_of, places_of
from lianfang.doors.hq.subject_told import Fact
from lianfang.doors.tags import moment_to_the_second, word
from lianfang.referrals.queries import EventTold
from lianfang.referrals.told import ReferralTold

Places = dict[str, str]


def referral_facts(found: Sequence[ReferralTold], at: datetime) -> list[list[Fact]]:
    codes = [home_of(told.one) for told in found]
    codes += [event.destination for told in found for event, _written in told.events if event.destination]
    places = places_of(codes, at)
    return [
        [Fact(key, str(label), value) for key, label, value in _facts(one, places) if value] for one in found
    ]


def _facts(told: ReferralTold, places: Places) -> Iterator[tuple[str, object, str]]:
    one = told.one
    yield "sent_at", _("移交"), moment_to_the_second(one.sent_at)
    yield "because", _("为什么移交"), word(one.because, "REFERRAL_CAUSES")
    yield "to", _("交给"), places.get(home_of(one), home_of(one))
    yield "measures", _("措施"), "、".join(measures_of(one))
    yield "state", _("现在怎样"), word(one.state, "REFERRAL_STATES")
    yield "done", _("经过"), "；".join(_line(event, places) for event in told.events)


def _line(told: EventTold, places: Places) -> str:
    event, written = told
    said = (written.address, written.note) if written else ()
    where = places.get(event.destination or "", "")
    return " ".join(
        filter(
            None, (moment_to_the_second(event.occurred_at), word(event.kind, "REFERRAL_KINDS"), where, *said)
        )
    )
