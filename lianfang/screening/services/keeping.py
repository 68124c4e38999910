"""Contents under their hash, and periods that the program lays for a past that is made up."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lianfang.screening.form import MAX_DAYS
from lianfang.screening.models import RulePeriod, StoredRuleSet
from lianfang.screening.rules import hash_of
from lianfang.screening.shipped import shipped


def keep(content: Mapping[str, Any], *, at: datetime) -> StoredRuleSet:
    """The content under its hash; harmless when it is there."""
    kept, _ = StoredRuleSet.objects.get_or_create(
        hash=hash_of(content), defaults={"content": json.dumps(content, ensure_ascii=False), "added_at": at}
    )
    return kept


@transaction.atomic
def lay_shipped(code: str, *, since: datetime, until: datetime, reason: str) -> None:
    """A shipped rule set for a past that is made up: as many periods of 30 days as it takes, each a renewal."""
    rule_set = keep(shipped(code).content, at=since)
    step = timedelta(days=MAX_DAYS)
    starts = [since + n * step for n in range(-(-(until - since) // step))]
    RulePeriod.objects.bulk_create(
        RulePeriod(
            rule_set=rule_set,
            during=DateTimeTZRange(start, min(start + step, until)),
            approved_at=start,
            reason=reason,
        )
        for start in starts
    )
