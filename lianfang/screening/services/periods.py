"""When which rule set is in force: one after another, 30 days at most each, never two at once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.screening.book import HEARD_AFTER
from lianfang.screening.models import RuleDraft, RulePeriod
from lianfang.screening.services.keeping import keep

RULES_CHANGED = (
    "lianfang_rules"  # the channel every process listens on, so that no car is decided by what just ended
)
_ONE_AT_A_TIME = 0x6C667270  # "lfrp": the advisory lock's key


def alone_with_the_periods() -> None:
    """Waits for its turn: of two approvals at one instant the second sees what the first has done. Told at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        cursor.execute("SELECT pg_notify(%s, '')", [RULES_CHANGED])


def newest_period(at: datetime) -> RulePeriod | None:
    """The one that began last, held until the transaction ends; it may be over."""
    begun = RulePeriod.objects.filter(during__startswith__lte=at)
    return begun.select_for_update().order_by("-during").first()


def put_in_force(
    draft: RuleDraft, content: Mapping[str, Any], *, by: Reach, at: datetime, seen: str | None
) -> RulePeriod:
    """In place of whatever is, once everybody can have heard of it: that ends then, and none that was to come begins."""
    since = at + HEARD_AFTER
    newest = newest_period(at)
    if newest is not None:
        require_as_seen(newest, at, seen)
        cut(newest, since)
    drop_what_was_to_come(at)
    return RulePeriod.objects.create(
        rule_set=keep(content, at=at),
        during=DateTimeTZRange(since, since + timedelta(days=draft.days or 0)),
        draft=draft,
        proposed_by_id=draft.proposed_by_id,
        approved_by_id=by.officer_id,
        approved_at=at,
        reason=draft.reason,
    )


def require_as_seen(period: RulePeriod, at: datetime, seen: str | None = None) -> None:
    """Refuses when other rules came into force since the officer looked, or at this very instant."""
    if (seen is None or period.rule_set_id == seen) and period.during.lower < at:
        return
    when = period.during.lower.astimezone(SHANGHAI).strftime("%H:%M:%S")
    raise Refusal(
        "RULES_JUST_CHANGED",
        f"另一份规则从 {when} 起生效，请重新对照以后再办。",
        f"Other rules are in force from {when} on. Look at them before you go on.",
        status=409,
    )


def cut(period: RulePeriod, at: datetime, *, by: Reach | None = None, why: str = "") -> None:
    """It ends now. `by`: who ended it, where it was not for another rule set. What is over stays as it was."""
    if period.during.upper > at:
        period.during = DateTimeTZRange(period.during.lower, at)
        period.ended_by_id, period.ended_for = by.officer_id if by else None, why
        period.save(update_fields=["during", "ended_by", "ended_for"])


def drop_what_was_to_come(at: datetime) -> None:
    """Periods that the program laid ahead. One that an officer approved a moment after `at` is nobody's to drop."""
    to_come = RulePeriod.objects.filter(during__startswith__gt=at)
    for period in to_come.filter(draft__isnull=False)[:1]:
        require_as_seen(period, at)
    to_come.delete()
