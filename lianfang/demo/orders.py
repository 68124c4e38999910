"""The rules of the demo city: the shipped ones as far back as its traffic goes, and since yesterday evening an order of its own.

By the order visits from other provinces are put off: a few people a day wait for a named officer to decide, so that his
page is not an empty one.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lianfang.screening.compiling import compiled
from lianfang.screening.form import MAX_DAYS
from lianfang.screening.models import RulePeriod
from lianfang.screening.services import keep, lay_shipped
from lianfang.screening.shipped import shipped

PERIOD, STILL = timedelta(days=MAX_DAYS), timedelta(days=20)
LATELY = timedelta(hours=18)
REASON = "演示城市"
PROVINCE = "21"
VISITORS: dict[str, Any] = {
    "row": "visitors",
    "when": [
        {"fact": "direction", "op": "ONE_OF", "value": ["IN"]},
        {"fact": "purpose", "op": "ONE_OF", "value": ["VISIT"]},
        {"fact": "from_code", "op": "OUTSIDE", "value": [PROVINCE]},
    ],
    "then": {"kind": "TURN_BACK_PROPOSED"},
    "say": {
        "zh": "外省来探访的暂缓，请在这里等一等，由负责人决定。",
        "en": "Visits from other provinces are put off. Please wait here: the officer in charge decides.",
    },
}


def lay_rules(at: datetime) -> None:
    """The last order still has twenty days."""
    began = at - LATELY
    lay_shipped("affected-areas", since=at - 3 * PERIOD + STILL, until=began, reason=REASON)
    during = DateTimeTZRange(began, at + STILL)
    kept = keep(ordered(), at=began)
    RulePeriod.objects.create(rule_set=kept, during=during, approved_at=began, reason=REASON)


def ordered() -> dict[str, Any]:
    """What was in force before, and whom the order concerns; as the compiler writes it."""
    before = shipped("affected-areas").content
    title = {
        "zh": f"{before['title']['zh']}；外省探访暂缓",
        "en": f"{before['title']['en']}; visits from other provinces put off",
    }
    rows = [*before["rows"], VISITORS]
    made = compiled({**before, "title": title, "source": REASON, "rows": rows})
    if made.content is None:
        raise ValueError(made.findings)
    return made.content
