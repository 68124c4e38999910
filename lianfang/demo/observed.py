"""Two weeks of observation in a demo city: who was told, in place, cared for, and what was reported twice a day.

Set by set in the background program's name, since a city's weeks are tens of thousands of reports; the few whose dependants
somebody cares for go through the act itself. Drawn from an order's number, so that the same city tells the same.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from lianfang.command.services import worker_session
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.quarantine.models import QuarantineOrder
from lianfang.quarantine.services import CareAnswers, CareTold, put_in_place
from lianfang.quarantine.states import OrderKind, OrderState

HOUR = timedelta(hours=1)
_TOLD_IN, _PLACED_IN = 2 * HOUR, 3 * HOUR
# Of so many orders one: is not told yet, has somebody who depends on him, was not asked, never reports, is feverish.
UNTOLD, DEPENDED_ON, UNASKED, SILENT, FEVERISH = 47, 23, 61, 53, 211

_WHO = """ended_at IS NULL AND state IN ('ORDERED', 'NOTIFIED') AND number %% %(untold)s <> 0 AND number %% %(unasked)s <> 0
  AND ordered_at + %(placed_in)s <= %(at)s"""
_IN_PLACE = f"""
WITH placed AS (
    UPDATE quarantine_order SET state = 'IN_PLACE', dependants = 'NO', notified_at = ordered_at + %(told_in)s,
        in_place_at = ordered_at + %(placed_in)s, observed_from = ordered_at + %(placed_in)s
    WHERE {_WHO} AND number %% %(depended_on)s <> 0 AND (kind = 'HOME' OR room IS NOT NULL)
    RETURNING id, in_place_at, jurisdiction
)
INSERT INTO order_event (id, order_id, kind, state, details, occurred_at, received_at, jurisdiction)
SELECT gen_random_uuid(), id, 'IN_PLACE', 'IN_PLACE', '{{}}', in_place_at, in_place_at, jurisdiction FROM placed
"""
# A pseudo-random number from 0 to 99 of an order, a day and a half; reports come within two hours of getting up or of supper.
_DRAWN = "abs(hashint8(o.number * 1000 + (d.day - o.day0_on) * 2 + h.place)) %% 100"
_REPORTS = f"""
INSERT INTO check_in (id, order_id, on_day, half, celsius, symptoms, by, verdict, thresholds, occurred_at, received_at,
                      jurisdiction)
SELECT gen_random_uuid(), r.id, r.day, r.half, r.celsius,
       CASE WHEN r.fever AND r.half = 'EVENING' THEN ARRAY['COUGH'] ELSE '{{}}' END,
       (ARRAY['SELF', 'SELF', 'SELF', 'RESPONDER', 'GRID_DOOR', 'GRID_PHONE'])[1 + r.drawn %% 6],
       CASE WHEN r.fever THEN 'SYMPTOMATIC' ELSE 'WELL' END, lianfang_thresholds(r.moment), r.moment,
       r.moment + interval '2 seconds', r.jurisdiction
FROM (
    SELECT o.id, o.jurisdiction, d.day, h.half, {_DRAWN} AS drawn,
           o.number %% %(feverish)s = 0 AND d.day = %(today)s::date - 1 AS fever,
           CASE WHEN o.number %% %(feverish)s = 0 AND d.day = %(today)s::date - 1 THEN 37.8
                ELSE 36.1 + ({_DRAWN} %% 10) / 10.0 END AS celsius,
           (d.day + h.begins + make_interval(mins => {_DRAWN})) AT TIME ZONE 'Asia/Shanghai' AS moment,
           o.observed_from, o.number, o.last_on
    FROM quarantine_order o
    CROSS JOIN LATERAL (SELECT generate_series(o.day0_on, least(o.last_on, %(today)s), '1 day')::date AS day) d
    CROSS JOIN (VALUES ('MORNING', time '07:30', 0), ('EVENING', time '17:45', 1)) h(half, begins, place)
    WHERE o.state = 'IN_PLACE'
) r
WHERE r.moment > r.observed_from AND r.moment < %(at)s AND r.drawn >= 2
  AND (r.number %% %(silent)s <> 0 OR r.day < %(today)s::date - 1)
"""


def observe(at: datetime) -> int:
    """Everything until `at`, for orders that were made from the referrals of the past; answers how many are observed."""
    worker = worker_session()
    values: dict[str, Any] = {
        "at": at, "today": day_of(at), "told_in": _TOLD_IN, "placed_in": _PLACED_IN, "untold": UNTOLD,
        "depended_on": DEPENDED_ON, "unasked": UNASKED, "silent": SILENT, "feverish": FEVERISH,
    }  # fmt: skip
    _cared_for(worker, at)
    with reach(worker) as seen, connection.cursor() as cursor:
        cursor.execute(_IN_PLACE, values)
        placed = cursor.rowcount
        cursor.execute(_REPORTS, values)
        note(Act.QUARANTINE_PLACED, by=seen, subject="QUARANTINE_ORDER", count=placed)
        note(Act.CHECKED_IN, by=seen, subject="QUARANTINE_ORDER", count=cursor.rowcount)
        return QuarantineOrder.objects.filter(state=OrderState.IN_PLACE).count()


def _cared_for(worker: Reach, at: datetime) -> None:
    """Somebody depends on these, and a neighbour sees to it; every third has nobody yet."""
    with reach(worker):
        rows = [
            one
            for one in QuarantineOrder.objects.filter(ended_at=None, state=OrderState.ORDERED).order_by("number")
            if one.number % DEPENDED_ON == 0
            and one.number % UNTOLD
            and one.number % UNASKED
            and (one.kind == OrderKind.HOME or one.room)
        ]  # fmt: skip
    for one in rows:
        moment = one.ordered_at + _PLACED_IN
        if moment <= at:
            carer = "" if one.number // DEPENDED_ON % 3 == 0 else f"对门邻居{one.number % 90 + 10}号"
            told = CareTold("家里老人每天要吃药", carer, "15400000000" if carer else "")
            put_in_place(
                by=worker, at=moment, id=uuid7(at=moment), order=one.id, answers=CareAnswers(needed={"DEPENDANTS": told})
            )  # fmt: skip
