"""One act of custody at a time, whoever carries it out, over a connection of the purge's role that ends with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from lianfang.custody.clearing import PURGE
from lianfang.kernel.key_folder import key_folder

_ONE_AT_A_TIME = 0x6C66_7075  # "lfpu": the advisory lock's key
KEYS_DESTROYED = "lianfang_keys"  # the channel on which processes hear that keys in memory must go


@contextmanager
def alone() -> Iterator[None]:
    """Waits for its turn. What was locked is free when the connection is closed, however that comes."""
    connection = connections[PURGE]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
        key_folder().forget()  # whoever had the turn before may have destroyed keys, and others made new ones
        yield
    finally:
        connection.close()


def tell_keys_destroyed() -> None:
    with connections[PURGE].cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [KEYS_DESTROYED])
