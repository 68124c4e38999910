"""The lists of hand-over, responsibility, households and duty, as desks of a city, a county and a town open them."""

import re
from collections.abc import Iterator
from typing import Any

from lianfang.bench.asking import BenchQuestion, Desk

RECEIVED = ("LATE", "UNACCEPTED", "WRONG_ADDRESS", "NOT_HERE", "ACCEPTED", "ARRIVED", "MOVED_ON")
AREAS = {"city": "210700", "county": "210781", "township": "210781102"}
EMPTY = BenchQuestion(
    "empty", "/desk/notices"
)  # a page of the desk with nothing on it: what every page costs
_NEXT = re.compile(rb'rel="next" href="\?([^"]+)"')


def pages(standing: dict[str, Any]) -> dict[str, list[BenchQuestion]]:
    """Whose desk → what it opens. `standing`: a village with doors, somebody, a telephone."""
    return {name: [*_referrals(area), *_others(area, standing)] for name, area in AREAS.items()}


def _referrals(area: str) -> Iterator[BenchQuestion]:
    for which in RECEIVED:
        yield BenchQuestion("list", f"/desk/referrals?list={which}")
    yield BenchQuestion("list", "/desk/referrals?list=ARRIVED&days=3")
    yield BenchQuestion("list", f"/desk/referrals?list=ACCEPTED&division={AREAS['township']}")
    yield BenchQuestion("sent", "/desk/referrals?sent=1&list=OUTSIDE")
    yield BenchQuestion("sent", "/desk/referrals?sent=1&list=LATE")
    yield BenchQuestion("day", "/desk/referrals/day")
    yield BenchQuestion("day", f"/desk/referrals/day?division={AREAS['township']}")
    yield BenchQuestion("waiting", "/desk/waiting")


def _others(area: str, standing: dict[str, Any]) -> Iterator[BenchQuestion]:
    yield BenchQuestion("work", "/desk")
    yield BenchQuestion("sheets", f"/desk/referrals/sheet?division={AREAS['township']}")
    yield BenchQuestion("person", f"/desk/referrals/{standing['referral']}")
    yield BenchQuestion("households", "/desk/households")
    yield BenchQuestion("tiles", f"/desk/households?division={standing['village']}")
    yield BenchQuestion("responsibility", "/desk/responsibility")
    yield BenchQuestion("responsibility", f"/desk/responsibility?division={area}")
    yield BenchQuestion("vacancies", "/desk/responsibility/vacancies")
    yield BenchQuestion("duty", "/desk/duty")
    yield BenchQuestion("duty", "/desk/duty/week")
    if area != AREAS["township"]:  # a town finds its people by their doors
        yield BenchQuestion("people", "/desk/people", (("kind", "PHONE"), ("value", standing["phone"])))


def later_pages(desk: Desk, question: BenchQuestion, most: int = 2) -> Iterator[BenchQuestion]:
    """What a list's “next page” leads to."""
    for _ in range(most):
        found = _NEXT.search(desk.ask(question).body)
        if found is None:
            return
        address = question.path.partition("?")[0]
        question = BenchQuestion(question.kind, f"{address}?{found[1].decode().replace('&amp;', '&')}")
        yield question
