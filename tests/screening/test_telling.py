"""Every process hears at once that other rules are in force."""

import psycopg
from django.db import connection, transaction

from lianfang.machine.postgres import Database
from lianfang.screening import queries
from lianfang.screening.services import RULES_CHANGED
from lianfang.screening.services.periods import alone_with_the_periods


def test_an_approval_is_told_when_it_is_committed_and_not_before(clean: Database) -> None:
    with psycopg.connect(**clean.parameters("app"), autocommit=True) as ear:
        ear.execute(f"LISTEN {RULES_CHANGED}")
        with transaction.atomic():
            alone_with_the_periods()
            assert not list(ear.notifies(timeout=0.3))
        assert len(list(ear.notifies(timeout=0.5, stop_after=1))) == 1


def test_what_was_believed_is_asked_anew_once_it_is_forgotten(clean: Database) -> None:
    believed = queries.book(anew=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rule_period SET during = tstzrange(lower(during), upper(during) - interval '1 s')"
        )
    assert queries.book() is believed
    queries.forget()
    assert queries.book() is not believed
