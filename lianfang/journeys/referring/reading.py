"""What a slice of transactions says about whom: arrivals with a measure that goes on, later decisions, corrections, refusals."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db.backends.utils import CursorWrapper

from lianfang.checkpoints.models import Correction, Registration, TurnBack
from lianfang.checkpoints.opening import Standing, State, receipt_of, standing
from lianfang.kernel.days import day_of
from lianfang.referrals.models import Referral
from lianfang.referrals.rules import LASTING
from lianfang.referrals.states import ReferralState
from lianfang.screening.models import Rescreened

BOUNDS = "SELECT oldest, next, statement_timestamp() FROM lianfang_tx_bounds()"
_BETWEEN = "{0}tx >= %(from)s AND {0}tx < %(to)s"
_NEW, _CORRECTED = _BETWEEN.format(""), _BETWEEN.format("c.")
_AFTER_SO_MANY = f"(SELECT tx FROM {{}} WHERE {_NEW} ORDER BY tx OFFSET %(at_once)s LIMIT 1)"
# So many records are looked through at once; of some twenty arrivals one has a measure that goes on.
END = f"SELECT least({_AFTER_SO_MANY.format('registration')}, {_AFTER_SO_MANY.format('rescreened')}, %(to)s::bigint)"
DAYS = 14  # how long a measure goes on that names no days
_MEASURED = "measures && ARRAY['QUARANTINE', 'FEVER_CLINIC', 'NOTIFY_GRID']"
# Of a passage that was corrected: those who were handed over, and those who were not while it went the other way.
WHO = f"""
SELECT id FROM registration WHERE {_NEW} AND {_MEASURED}
UNION SELECT registration_id FROM rescreened WHERE {_NEW} AND {_MEASURED}
UNION SELECT registration_id FROM turn_back WHERE {_NEW}
UNION SELECT f.registration_id FROM correction c JOIN referral f ON f.registration_id = c.of
      WHERE {_CORRECTED} AND c.target = 'REGISTRATION'
UNION SELECT f.registration_id FROM correction c JOIN referral f ON f.passage_id = c.of
      WHERE {_CORRECTED} AND c.target = 'PASSAGE'
UNION SELECT r.id FROM correction c JOIN registration r ON r.passage_id = c.of
      WHERE {_CORRECTED} AND c.target = 'PASSAGE'
        AND (r.{_MEASURED} OR EXISTS (SELECT FROM rescreened d WHERE d.registration_id = r.id AND d.{_MEASURED}))
"""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody as he stands now. `measures` as in a receipt, each with its `rule_set`; `stays`: he came in and is here.

    What cannot be read just now is no reason to lose anybody: he is handed over without a name. What was destroyed is over.
    """

    person: Standing[Registration]
    measures: list[dict[str, Any]]
    because: str
    stays: bool

    @property
    def row(self) -> Registration:
        return self.person.row

    @property
    def destination(self) -> str | None:
        code: str | None = self.person.fact("destination_code")
        return code

    @property
    def kinds(self) -> list[str]:
        return [kind for kind in LASTING if any(one["kind"] == kind for one in self.measures)]


def who(cursor: CursorWrapper, *, start: int, end: int) -> list[UUID]:
    cursor.execute(WHO, {"from": start, "to": end})
    return [id for (id,) in cursor.fetchall()]


def arrived(ids: Sequence[UUID], *, on: date) -> list[Arrived]:
    """Each as his corrections and later decisions leave him, with what goes on `on` that day. A fixed number of questions."""
    rows = list(Registration.objects.filter(pk__in=ids))
    corrections = _corrections([*ids, *(row.passage_id for row in rows)])
    later = _later(ids, on)
    back = set(
        TurnBack.objects.filter(pk__in=ids, verdict=TurnBack.Verdict.TURNED_BACK).values_list("pk", flat=True)
    )
    found = []
    for row in rows:
        person = standing(row, corrections[row.id, "REGISTRATION"])
        passage = {k: v for c in corrections[row.passage_id, "PASSAGE"] for k, v in c.facts.items()}
        stays = passage.get("direction", row.direction) == "IN" and row.id not in back
        gate = _lasting(receipt_of(row)["measures"], row.rule_set, since=_came(row), on=on)
        because = "ARRIVAL" if gate else "RESCREENING"
        found.append(
            Arrived(
                person,
                _strictest([*gate, *later[row.id]]),
                because,
                stays and person.state != State.DESTROYED,
            )
        )
    return found


def heads(ids: Collection[UUID]) -> Mapping[UUID, Referral]:
    """Registration → the newest referral of its person, locked: not the one from which he moved on."""
    # Locked by id, as a list on paper is: sorted otherwise the two could wait for each other.
    rows = Referral.objects.select_for_update().filter(registration_id__in=ids).order_by("id")
    newest = sorted(rows, key=lambda row: (row.state != ReferralState.MOVED_ON, row.sent_at, row.id))
    return {row.registration_id: row for row in newest}


def _corrections(ids: Sequence[UUID]) -> Mapping[tuple[UUID, str], list[Correction]]:
    found: dict[tuple[UUID, str], list[Correction]] = defaultdict(list)
    for correction in Correction.objects.filter(of__in=ids).order_by("occurred_at", "id"):
        found[correction.of, correction.target].append(correction)
    return found


def _came(row: Registration) -> date:
    """The day from which his days count; a telephone whose clock is years slow makes nobody's measure over."""
    return max(row.captured_on, day_of(row.received_at))


def _later(ids: Sequence[UUID], on: date) -> Mapping[UUID, list[dict[str, Any]]]:
    """What re-screenings decided since, the oldest first: nothing that stands is taken away by one."""
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in Rescreened.objects.filter(registration_id__in=ids).order_by("at", "rescreening_id"):
        details = msgspec.json.decode(row.details) if isinstance(row.details, str) else row.details
        found[row.registration_id] += _lasting(details, row.rule_set, since=day_of(row.at), on=on)
    return found


def _lasting(
    measures: Sequence[Mapping[str, Any]], rule_set: str, *, since: date, on: date
) -> list[dict[str, Any]]:
    """Those that are not over yet, as on a grid's list; without the sentence, which the rule set has."""
    kept = ("kind", "row", "place", "days")
    return [
        {key: one[key] for key in kept if one.get(key) is not None} | {"rule_set": rule_set}
        for one in measures
        if one["kind"] in LASTING and since + timedelta(days=one.get("days") or DAYS) >= on
    ]


def _strictest(measures: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each term once, as it was decided first."""
    terms: dict[tuple[object, ...], dict[str, Any]] = {}
    for one in measures:
        terms.setdefault((one["kind"], one.get("place"), one.get("days")), one)
    return list(terms.values())
