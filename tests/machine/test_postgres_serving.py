"""What a running server is like from outside."""

import os
import subprocess
from pathlib import Path

import psycopg

from lianfang.machine.postgres import Cluster, Database
from tests.machine.seen_from_outside import answers, postmaster, started_at


def test_starting_twice_joins_the_running_server(standing):
    before = started_at(standing.database)
    assert started_at(Cluster(standing.data).start()) == before


def test_what_was_written_down_is_enough_to_connect(standing):
    assert answers(Database.read(standing.data))
    assert standing.data.database_file.stat().st_mode & 0o777 == 0o600


def test_the_server_is_out_of_reach_of_ctrl_c(standing):
    assert os.getsid(postmaster(standing.data)) != os.getsid(0)


def test_no_tcp_port_is_open(standing):
    links = [os.readlink(link) for link in Path(f"/proc/{postmaster(standing.data)}/fd").iterdir()]
    sockets = {link[len("socket:[") : -1] for link in links if link.startswith("socket:")}
    tcp = [
        line.split()[9]
        for name in ("tcp", "tcp6")
        for line in Path("/proc/net", name).read_text().splitlines()
    ]
    assert sockets
    assert sockets.isdisjoint(tcp)


def test_checksums_locale_and_memory_are_as_planned(standing):
    with psycopg.connect(standing.database.dsn("admin")) as connection:
        settings = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
        locales = connection.execute(
            "SELECT DISTINCT datcollate, pg_encoding_to_char(encoding) FROM pg_database"
        )
        assert locales.fetchall() == [("C.UTF-8", "UTF8")]
    assert settings["data_checksums"] == "on"
    assert settings["TimeZone"] == "Asia/Shanghai"
    assert settings["max_wal_size"] == "4096"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert int(settings["shared_buffers"]) * 8192 <= memory / 4


def test_further_databases_come_and_go(standing):
    database = standing.create_database("trial")
    with psycopg.connect(database.dsn("app")) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("trial",)
    standing.drop_database("trial")
    assert not answers(database)


def test_the_programs_are_at_hand(standing):
    said = subprocess.run(
        [standing.binaries.program("psql"), "--version"], capture_output=True, text=True, check=True
    )
    assert f"(PostgreSQL) {standing.binaries.major}" in said.stdout
    assert standing.binaries.program("pgbench").exists()
