"""Four log-ins that cannot become one another, in a database closed to everybody else."""

from dataclasses import replace

import psycopg
import pytest
from psycopg import errors

from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Cluster, Database
from lianfang.machine.postgres.database import OUR_ROLES, Login, parse_url
from lianfang.machine.postgres.home import Home
from lianfang.machine.postgres.server import Server
from lianfang.machine.progress import Silent
from lianfang.machine.trouble import Trouble

ATTRIBUTES = """
SELECT rolcanlogin, rolinherit, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls
FROM pg_roles WHERE rolname = %s
"""
MEMBERSHIPS = (
    "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = %s"
)
EXTENSIONS = """
SELECT extname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE nspname = 'public' ORDER BY 1
"""


def asked(database: Database, role: str, query: str, *values: object) -> list[tuple]:
    with psycopg.connect(database.dsn(role)) as connection:
        return connection.execute(query, values).fetchall()


def test_each_role_may_log_in_and_nothing_else(standing):
    for role in OUR_ROLES:
        user = f"lianfang_{role}"
        assert asked(standing.database, role, "SELECT current_user::text") == [(user,)]
        assert asked(standing.database, role, ATTRIBUTES, user) == [(True, *[False] * 6)]
        assert asked(standing.database, role, MEMBERSHIPS, user) == [(0,)]


def test_no_role_can_become_another(standing):
    for role in OUR_ROLES:
        for other in set(OUR_ROLES) - {role}:
            with pytest.raises(errors.InsufficientPrivilege):
                asked(standing.database, role, f"SET ROLE lianfang_{other}")


def test_a_wrong_password_is_refused(standing):
    logins = {**standing.database.logins, "app": Login("lianfang_app", "guessed")}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        asked(replace(standing.database, logins=logins), "app", "SELECT 1")


def test_each_password_is_its_own_and_none_shows_in_a_traceback(standing):
    passwords = {login.password for login in standing.database.logins.values()}
    assert len(passwords) == 5
    assert not any(password in repr(standing.database) for password in passwords)


def test_only_the_owner_makes_tables_and_nobody_else_sees_into_them_ungranted(standing):
    with psycopg.connect(standing.database.dsn("owner")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS passage (id uuid)")
    for role in ("app", "intake", "purge"):
        with pytest.raises(errors.InsufficientPrivilege):
            asked(standing.database, role, "SELECT * FROM passage")
        with pytest.raises(errors.InsufficientPrivilege):
            asked(standing.database, role, "CREATE TABLE hidden (n int)")
        with pytest.raises(errors.InsufficientPrivilege):
            asked(standing.database, role, "CREATE TEMPORARY TABLE hidden (n int)")


def test_the_servers_other_databases_are_closed(standing):
    for name in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            asked(replace(standing.database, name=name), "app", "SELECT 1")


def test_the_extensions_are_there_for_everyone_who_may_enter(standing):
    names = [name for (name,) in asked(standing.database, "app", EXTENSIONS)]
    assert names == ["btree_gist", "citext", "ltree", "pg_trgm"]
    assert asked(standing.database, "app", "SELECT '21.03'::ltree @> '21.03.81'::ltree") == [(True,)]


@pytest.fixture
def their_server(binaries, tmp_path, new_cluster):
    """A server as a city runs it: without our roles, with an administrator who is no superuser. Gives its URL."""
    theirs = DataFolder.open(tmp_path / "theirs")
    cluster = new_cluster(theirs)
    home = Home.settle(theirs)
    server = Server(home, cluster.binaries, home.account())
    root = Login("lianfang_admin", "secret")
    server.initialise(root)
    server.bring_up(Silent())
    database = Database(
        str(home.sockets()), 5432, "postgres", {"admin": root, "app": Login("city", "p@ss/w")}
    )
    with psycopg.connect(database.dsn("admin")) as connection:
        connection.execute("CREATE ROLE city LOGIN CREATEROLE CREATEDB PASSWORD 'p@ss/w'")
    return database.dsn("app")


def test_a_server_named_by_database_url_is_furnished_but_neither_started_nor_stopped(
    their_server, data, monkeypatch
):
    monkeypatch.setenv("DATABASE_URL", their_server)
    cluster = Cluster(data)
    database = cluster.start()
    assert cluster.start() == database
    for role in OUR_ROLES:
        assert asked(database, role, "SELECT current_user::text") == [(f"lianfang_{role}",)]
    with psycopg.connect(database.dsn("owner")) as connection:
        connection.execute("CREATE TABLE passage (id uuid)")
    assert asked(cluster.create_database("trial"), "app", "SELECT 1") == [(1,)]
    cluster.drop_database("trial")
    assert not cluster.ensure_alive()
    cluster.stop()
    assert asked(Database.read(data), "app", "SELECT 1") == [(1,)]
    assert not data.postgres.exists()


def test_their_administrators_password_is_not_written_down(their_server, data, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", their_server)
    assert Cluster(data).start().parameters("admin")["user"] == "city"
    assert "p@ss" not in data.database_file.read_text()
    with pytest.raises(Trouble, match="DATABASE_URL"):
        Database.read(data).dsn("admin")


def test_a_second_data_folder_takes_over_a_server_whose_passwords_were_lost(
    their_server, data, tmp_path, monkeypatch
):
    monkeypatch.setenv("DATABASE_URL", their_server)
    Cluster(data).start()
    database = Cluster(DataFolder.open(tmp_path / "again")).start()
    assert asked(database, "intake", "SELECT 1") == [(1,)]


def test_a_database_url_keeps_its_options():
    database, maintenance = parse_url(
        "postgresql://city:pw@db.lan:5433/admin?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    )
    assert (database.host, database.port, database.name, maintenance) == ("db.lan", 5433, "lianfang", "admin")
    assert database.options == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}
    assert "sslmode=verify-full" in database.dsn("admin")


def test_a_database_url_without_a_user_is_refused():
    with pytest.raises(Trouble, match="用户"):
        parse_url("postgresql://db.lan/postgres")
