"""The numbers a draft was tried with last, kept with it: whoever approves sees how many it concerns, and how old that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lianfang.journeys.trying import ChangeCount, MeasureChange, Tried, tried
from lianfang.kernel.reach import Reach
from lianfang.screening.rules import RuleSet, hash_of
from lianfang.screening.services import keep_trial

KEPT_DAYS = 7  # a trial of other days is looked at and not kept


@dataclass(frozen=True, slots=True)
class Trial:
    """`people` arrived in so many days, `different` of them would be treated differently by one rule set than by another."""

    rule_set: str
    against: str
    lapsed: bool
    people: int
    different: int
    changes: tuple[ChangeCount, ...]
    counted_at: datetime

    def is_of(self, content: Mapping[str, Any], against: RuleSet, *, lapsed: bool) -> bool:
        """Whether it was counted for this very content, against what decides now."""
        return (self.rule_set, self.against, self.lapsed) == (hash_of(content), against.hash, lapsed)


def try_draft(
    reach: Reach,
    content: Mapping[str, Any],
    days: int,
    at: datetime,
    *,
    draft: UUID,
    patience: timedelta | None = None,
) -> Tried:
    """`tried`, and kept with the draft when it is of a week. Raises what `tried` raises."""
    found = tried(reach, content, days, at, subject=f"RULE_DRAFT {draft}", patience=patience)
    if found.days == KEPT_DAYS:
        keep_trial(by=reach, id=draft, trial=_as_kept(found, at))
    return found


def _as_kept(found: Tried, at: datetime) -> dict[str, Any]:
    return {
        "rule_set": found.rule_set,
        "against": found.in_force.rule_set.hash,
        "lapsed": found.in_force.lapsed,
        "people": found.people,
        "different": found.different,
        "changes": [[*one.change, one.people, one.townships] for one in found.changes],
        "counted_at": at.isoformat(),
    }


def kept_trial(kept: Mapping[str, Any] | None) -> Trial | None:
    """As it stands with a draft; None where nobody tried it, or an older program kept it otherwise."""
    try:
        return _read(kept) if kept else None
    except (KeyError, TypeError, ValueError):
        return None


def _read(kept: Mapping[str, Any]) -> Trial:
    changes = (
        ChangeCount(MeasureChange(kind, _manner(before), _manner(after)), people, townships)
        for kind, before, after, people, townships in kept["changes"]
    )
    return Trial(
        kept["rule_set"],
        kept["against"],
        kept["lapsed"],
        kept["people"],
        kept["different"],
        tuple(changes),
        datetime.fromisoformat(kept["counted_at"]),
    )


def _manner(kept: Any) -> tuple[str | None, int | None] | None:
    return None if kept is None else (kept[0], kept[1])
