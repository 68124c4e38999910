"""The site as one ASGI application, wired to the database's roles."""

from collections.abc import Awaitable, Callable

import asyncpg
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from lianfang.doors.bridge import Bridge
from lianfang.doors.site import Site
from lianfang.kernel.key_folder import key_folder
from lianfang.machine.postgres import Database, Role


def connector(
    database: Database, role: Role, **server_settings: str
) -> Callable[[], Awaitable[asyncpg.Connection]]:
    """Opens a connection in one role. Plans are generic: the intake's statements differ only in their arrays."""
    dsn = database.dsn(role)

    def connect() -> Awaitable[asyncpg.Connection]:
        return asyncpg.connect(
            dsn, timeout=5, command_timeout=60, server_settings={"jit": "off", **server_settings}
        )

    return connect


def site() -> Site:
    database = Database.read(settings.DATA)
    if database is None:
        raise RuntimeError("no database yet: `lianfang serve` makes it")
    return Site(
        django=Bridge(get_wsgi_application()),
        connect_intake=connector(
            database, "intake", plan_cache_mode="force_generic_plan", application_name="lianfang intake"
        ),
        connect_public=connector(
            database, "app", plan_cache_mode="force_generic_plan", application_name="lianfang check-in"
        ),
        connect_app=connector(database, "app", application_name="lianfang listener"),
        keys=key_folder(),
        behind_proxy=settings.BEHIND_PROXY,
    )
