"""Rule sets that are put in force one after the other in a bench's installation, so that arrivals are decided otherwise."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from lianfang.bench.arrived import PREFIXES
from lianfang.screening.form import MAX_QUARANTINE

AREA = PREFIXES[0]  # one stay in a hundred
PROVINCES = ("33", "34")  # one in five
EVERYWHERE = tuple(sorted({prefix[:2] for prefix in PREFIXES}))

Content = dict[str, Any]


def area_added(at: datetime, *, days: int) -> None:
    """The shipped set for so many days until a moment ago; since then the same with one more area."""
    from lianfang.screening.models import RulePeriod  # noqa: PLC0415 -- after Django is set up
    from lianfang.screening.services import lay_shipped  # noqa: PLC0415
    from lianfang.screening.shipped import shipped  # noqa: PLC0415

    RulePeriod.objects.using("owner").all().delete()
    until = at - timedelta(seconds=2)
    lay_shipped("affected-areas", since=at - timedelta(days=days), until=until, reason="bench")
    _in_force(_with_areas(AREA)(shipped("affected-areas").content), until, at)


def provinces_added(at: datetime) -> None:
    """One stay in five lies in an area from now on."""
    _changed(at, _with_areas(*PROVINCES))


def threshold_lowered(at: datetime) -> None:
    """By a tenth of a degree: everybody has to be looked at."""

    def lowered(content: Content) -> Content:
        content["rows"][0]["when"][0]["value"] -= 1
        return content

    _changed(at, lowered)


def made_stricter(at: datetime) -> bool:
    """A quarantine for whoever comes from anywhere, a day longer than before; False: it is as long as it may be."""
    longest = 0

    def longer(content: Content) -> Content:
        nonlocal longest
        for row in content["rows"]:
            if row["then"]["kind"] == "QUARANTINE":
                row["then"]["days"] += 1
                longest = max(longest, row["then"]["days"])
        known = {area["code"] for area in content["areas"]}
        return _with_areas(*(code for code in EVERYWHERE if code not in known))(content)

    _changed(at, longer)
    return longest < MAX_QUARANTINE


def _with_areas(*codes: str) -> Callable[[Mapping[str, Any]], Content]:
    areas = [{"code": code, "level": "HIGH", "source": "bench"} for code in codes]
    return lambda content: {**content, "areas": [*content["areas"], *areas]}


def _changed(at: datetime, change: Callable[[Content], Content]) -> None:
    """What is in force, changed, in its stead."""
    from lianfang.screening.models import RulePeriod  # noqa: PLC0415 -- after Django is set up
    from lianfang.screening.queries import book  # noqa: PLC0415

    content = change(book(anew=True).at(at).rule_set.content())
    period = RulePeriod.objects.order_by("during").last()
    if period is not None:
        RulePeriod.objects.using("owner").filter(pk=period.pk).delete()
        _in_force(content, period.during.lower, at)


def _in_force(content: Content, since: datetime, at: datetime) -> None:
    from django.db.backends.postgresql.psycopg_any import DateTimeTZRange  # noqa: PLC0415 -- after Django is set up

    from lianfang.screening.models import RulePeriod  # noqa: PLC0415
    from lianfang.screening.queries import book  # noqa: PLC0415
    from lianfang.screening.services import keep  # noqa: PLC0415

    during = DateTimeTZRange(since, since + timedelta(days=30))
    RulePeriod.objects.create(rule_set=keep(content, at=at), during=during, approved_at=at)
    book(anew=True)
