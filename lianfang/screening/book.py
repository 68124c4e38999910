"""Which rule set was in force when. Pure.

A moment before the first period is decided by BASIC, which registers and asks for fever. When a period is over and no
other has begun, its rule set goes on without what restricts anybody: restrictions end unless they are renewed.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from lianfang.screening.rules import RuleSet
from lianfang.screening.shipped import shipped

BASIC = RuleSet(shipped("basic").content)
AFFECTED_AREAS = RuleSet(shipped("affected-areas").content)
# From an approval to the first decision by it. Every process asks each two seconds (`queries.BELIEVED_FOR`): no car is
# decided by the older set after the newer has begun.
HEARD_AFTER = timedelta(seconds=3)
# Decisions stored before rule sets were data name it so; rows and sentences are the same.
NAMED_BEFORE = ("96cfde8c6341840a", "8281eb5ed9dbff3f")


class Period(NamedTuple):
    """From one moment to another (exclusive) a rule set is in force."""

    rule_set: RuleSet
    since: datetime
    until: datetime


class RulesInForce(NamedTuple):
    """What decides at a moment. `until` None: nobody has put a rule set in force yet."""

    rule_set: RuleSet
    lapsed: bool = False
    since: datetime | None = None
    until: datetime | None = None


class RuleBook:
    """The periods of a city, which never overlap, and every rule set that ever was in force."""

    def __init__(self, periods: Iterable[Period] = (), known: Mapping[str, RuleSet] | None = None) -> None:
        """`known`: rule sets by hash that some book held before; no decision they made is ever unknown again."""
        self.periods = sorted(periods, key=lambda period: period.since)
        self._since = [period.since for period in self.periods]
        self.by_hash: Mapping[str, RuleSet] = {
            **(known or {}),
            **{one.hash: one for one in (BASIC, AFFECTED_AREAS)},
            **dict.fromkeys(NAMED_BEFORE, AFFECTED_AREAS),
            **{period.rule_set.hash: period.rule_set for period in self.periods},
        }

    def at(self, moment: datetime) -> RulesInForce:
        place = bisect_right(self._since, moment) - 1
        if place < 0:
            return RulesInForce(BASIC)
        rule_set, since, until = self.periods[place]
        return RulesInForce(rule_set, moment >= until, since, until)

    def named(self, content_hash: str) -> RuleSet:
        """The rule set a stored decision names; KeyError when it never was in force here.

        A decision is never explained by another set than its own.
        """
        return self.by_hash[content_hash]


@lru_cache(maxsize=256)
def made_of(content_hash: str, content: str) -> RuleSet:
    """The rule set of stored content (JSON), made once. Raises ValueError when it cannot be read or is not what it is called."""
    try:
        made = RuleSet(json.loads(content))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"rule set {content_hash} cannot be read ({type(error).__name__})") from error
    if made.hash != content_hash:
        raise ValueError(f"rule set {content_hash} holds other content")
    return made
