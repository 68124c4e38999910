"""How long a question may take: PostgreSQL ends it, and the page says so instead of hanging."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled


class OutOfTime(Exception):
    """A question was ended because its time was over; the transaction goes on."""


@contextmanager
def at_most(time: timedelta) -> Iterator[None]:
    """Statements inside get so long, each. Raises OutOfTime."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true)", [f"{round(time.total_seconds() * 1000)}"]
            )
            yield
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise OutOfTime from error
        raise
