"""What the tests look at to tell whether, and which, server runs."""

import psycopg

from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Database
from lianfang.machine.postgres.home import Home


def postmaster(data: DataFolder) -> int:
    return int((Home.find(data).cluster / "postmaster.pid").read_text().split()[0])


def started_at(database: Database) -> object:
    with psycopg.connect(database.dsn("app")) as connection:
        return connection.execute("SELECT pg_postmaster_start_time()").fetchone()


def answers(database: Database) -> bool:
    try:
        started_at(database)
    except psycopg.OperationalError:
        return False
    return True
