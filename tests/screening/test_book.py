"""Which rule set was in force when; restrictions end unless they are renewed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lianfang.checkpoints.intake.moments import read_moment
from lianfang.kernel.days import SHANGHAI
from lianfang.screening.book import AFFECTED_AREAS, BASIC, Period, RuleBook, made_of
from lianfang.screening.facts import Facts
from lianfang.screening.models import RulePeriod, StoredRuleSet
from lianfang.screening.queries import book, rule_set
from lianfang.screening.rules import RuleSet
from lianfang.screening.services import keep, lay_shipped
from lianfang.screening.shipped import shipped

JINZHOU = RuleSet(shipped("jinzhou-2020").content)
LIAONING = RuleSet(shipped("liaoning-2020-02-05").content)
CHANGE = datetime(2020, 2, 5, tzinfo=SHANGHAI)  # midnight in Shanghai: 16:00 of the day before in UTC
TICK = timedelta(microseconds=1)
FIRST = CHANGE - timedelta(days=10)
END = CHANGE + timedelta(days=30)
BOOK = RuleBook([Period(LIAONING, CHANGE, END), Period(JINZHOU, FIRST, CHANGE)])


@pytest.mark.parametrize(
    ("moment", "decides", "lapsed"),
    [
        (datetime(1999, 1, 1, tzinfo=UTC), BASIC, False),
        (FIRST - TICK, BASIC, False),
        (FIRST, JINZHOU, False),
        (CHANGE - TICK, JINZHOU, False),
        (datetime(2020, 2, 4, 15, 59, 59, tzinfo=UTC), JINZHOU, False),
        (datetime(2020, 2, 4, 16, tzinfo=UTC), LIAONING, False),
        (CHANGE, LIAONING, False),
        (END - TICK, LIAONING, False),
        (END, LIAONING, True),
        (END + timedelta(days=400), LIAONING, True),
    ],
)
def test_a_moment_is_decided_by_the_rule_set_in_force_then(
    moment: datetime, decides: RuleSet, lapsed: bool
) -> None:
    found = BOOK.at(moment)
    assert (found.rule_set, found.lapsed) == (decides, lapsed)


def test_before_the_first_period_nothing_restricts_anybody() -> None:
    found = RuleBook().at(CHANGE)
    assert found.rule_set is BASIC
    assert not found.lapsed
    assert (found.since, found.until) == (None, None)
    assert not any(row.restricts for row in BASIC.rows)


def test_between_two_periods_the_earlier_goes_on_lapsed_until_the_later_begins() -> None:
    gap = timedelta(days=3)
    pages = RuleBook([Period(JINZHOU, FIRST, CHANGE), Period(LIAONING, CHANGE + gap, END)])
    assert pages.at(CHANGE + gap - TICK).rule_set is JINZHOU
    assert pages.at(CHANGE + gap - TICK).lapsed
    assert pages.at(CHANGE + gap).rule_set is LIAONING
    assert not pages.at(CHANGE + gap).lapsed


def test_once_a_rule_set_has_lapsed_nobody_is_quarantined_by_it_and_a_fever_is_still_one() -> None:
    from_hubei = Facts(
        on=CHANGE.date(),
        direction="IN",
        stays=[("420106", None, None)],
        celsius_tenths=380,
        temperature_state="READ",
        symptoms=[],
    )
    in_force, over = (RuleBook([Period(AFFECTED_AREAS, FIRST, CHANGE)]).at(at) for at in (FIRST, CHANGE))
    decided = [one.rule_set.decide(from_hubei, lapsed=one.lapsed).rows for one in (in_force, over)]
    assert decided == [("fever", "affected-area", "arrival"), ("fever", "arrival")]


@pytest.mark.parametrize(
    ("text", "day", "decides"),
    [
        ("2020-02-04T15:59:59.999999+00:00", "2020-02-04", JINZHOU),
        ("2020-02-04T16:00:00+00:00", "2020-02-05", LIAONING),
        ("2020-02-05T00:00:00+08:00", "2020-02-05", LIAONING),
        ("2020-02-04T23:59:59+08:00", "2020-02-04", JINZHOU),
        ("2020-02-05T00:00:00", "2020-02-05", LIAONING),  # without an offset: Shanghai
        ("2020-02-04T11:00:00-05:00", "2020-02-05", LIAONING),
    ],
)
def test_midnight_is_shanghais_for_the_day_of_a_person_and_for_the_change_of_rules(
    text: str, day: str, decides: RuleSet
) -> None:
    moment = read_moment(text, received_at=CHANGE + timedelta(hours=2))
    assert moment is not None
    assert moment.captured_on.isoformat() == day
    assert BOOK.at(moment.occurred_at).rule_set is decides


def test_a_decision_is_explained_by_any_set_that_ever_was_in_force() -> None:
    assert BOOK.named(JINZHOU.hash) is JINZHOU
    assert BOOK.named(BASIC.hash) is BASIC
    with pytest.raises(KeyError):
        RuleBook().named(JINZHOU.hash)


def test_stored_content_that_is_not_what_it_is_called_decides_nothing() -> None:
    with pytest.raises(ValueError, match="holds other content"):
        made_of("0000000000000000", '{"areas": [], "rows": []}')


# A summer before everything the tests lay: no period is there.
SUMMER = datetime(2019, 7, 1, tzinfo=SHANGHAI)


def lay(since: datetime, until: datetime, bounds: str = "[)") -> RulePeriod:
    return RulePeriod.objects.create(
        rule_set=keep(shipped("basic").content, at=since),
        during=DateTimeTZRange(since, until, bounds),
        approved_at=since,
    )


@pytest.mark.django_db
def test_a_period_of_thirty_days_is_the_longest_the_database_takes() -> None:
    lay(SUMMER, SUMMER + timedelta(days=30))
    later = SUMMER + timedelta(days=40)
    with pytest.raises(IntegrityError, match="rule_period_ends_within_30_days"), transaction.atomic():
        lay(later, later + timedelta(days=30, seconds=1))


@pytest.mark.django_db
@pytest.mark.parametrize("until", [SUMMER, None])
def test_a_period_that_is_empty_or_without_an_end_is_refused(until: datetime | None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        lay(SUMMER, until)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_periods_may_touch_and_never_overlap() -> None:
    lay(SUMMER, SUMMER + timedelta(days=10))
    lay(SUMMER + timedelta(days=10), SUMMER + timedelta(days=20))
    for since, until in [(-1, 0.00001), (9, 10.5), (2, 3), (-1, 29), (19.99999, 25)]:
        with pytest.raises(IntegrityError, match="rule_period_never_overlaps"), transaction.atomic():
            lay(SUMMER + timedelta(days=since), SUMMER + timedelta(days=until))


@pytest.mark.django_db
def test_the_book_of_the_city_is_what_its_periods_say() -> None:
    lay_shipped("jinzhou-2020", since=SUMMER, until=SUMMER + timedelta(days=45), reason="tests")
    found = book(anew=True)
    assert found.at(SUMMER - TICK).rule_set is BASIC
    assert found.at(SUMMER).rule_set.hash == JINZHOU.hash
    assert found.at(SUMMER + timedelta(days=30)).since == SUMMER + timedelta(days=30)  # a renewal
    assert not found.at(SUMMER + timedelta(days=45) - TICK).lapsed
    assert found.at(SUMMER + timedelta(days=45)).lapsed
    assert rule_set(JINZHOU.hash).hash == JINZHOU.hash
    with pytest.raises(KeyError):
        rule_set("0000000000000000")
    book(anew=True)


@pytest.mark.django_db
def test_a_rule_set_is_kept_once_under_its_hash_and_comes_back_the_same(now: datetime) -> None:
    first, again = (keep(LIAONING.content(), at=now) for _ in range(2))
    assert first == again
    stored = StoredRuleSet.objects.get(hash=LIAONING.hash)
    assert made_of(stored.hash, stored.content).hash == LIAONING.hash
