"""What is asked of the tree of responsibility: which division, at which moment; and the areas an officer begins from."""

from dataclasses import dataclass
from datetime import UTC, datetime

from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.typed import FIRST_YEAR
from lianfang.kernel.clock import now
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.divisions import canonical, from_integer, is_code, level, span
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound

MOST_AREAS = 50


@dataclass(frozen=True, slots=True)
class ResponsibilityAsked:
    """`at`: the moment that is asked about; `now`: it is this one, and acts are offered."""

    division: str
    at: datetime
    is_now: bool

    @property
    def local(self) -> datetime:
        """For the field of date and time, which knows no zone."""
        return self.at.astimezone(SHANGHAI)


def asked_of(request: OfficerRequest, division: str = "") -> ResponsibilityAsked:
    """`division` in the address itself, else ?division=, else the first area the officer is posted over."""
    current = now()
    then = moment_typed(request.GET.get("at", ""))
    is_past = then is not None and then < current
    return ResponsibilityAsked(
        division=_division(request, division or request.GET.get("division", "")),
        at=then if is_past and then is not None else current,
        is_now=not is_past,
    )


def moment_typed(text: str) -> datetime | None:
    """2020-02-03T09:00 as a field of date and time sends it, in the city's own time; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= 2098:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def areas_of(officer: Reach) -> list[str]:
    """The divisions an officer may read about, the largest that his postings and broken glass make up."""
    found: list[str] = []
    for first, last in officer.readable:
        here = first
        while here <= last and len(found) < MOST_AREAS:
            code = from_integer(here)
            found.append(code)
            here = span(code)[1] + 1
    return found


def _division(request: OfficerRequest, said: str) -> str:
    if said:
        if not is_code(said) or level(said) == "PROVINCE":
            raise unknown_division()
        return canonical(said)
    areas = areas_of(request.reach)
    if not areas:
        raise unknown_division()
    return areas[0]


def unknown_division() -> NotFound:
    return NotFound(
        "DIVISION_UNKNOWN",
        "那时的登记里没有这个地方。",
        "There is no such division in the register of that time.",
    )
