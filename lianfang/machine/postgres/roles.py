"""Roles and privileges: four log-ins that cannot become one another, and a database closed to everybody else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, LiteralString

import psycopg
from psycopg import Connection, sql

from lianfang.machine.postgres.database import OUR_ROLES, Database, Login, Role

EXTENSIONS = ("btree_gist", "citext", "ltree", "pg_trgm")
BUILTIN_LOCALE_SINCE = 170000

Admin = Connection[tuple[Any, ...]]


def connect(database: Database, role: Role = "admin", *, dbname: str | None = None) -> Admin:
    """A connection that commits each statement, as CREATE DATABASE demands."""
    place = database.parameters(role) | ({"dbname": dbname} if dbname else {})
    options: dict[str, Any] = dict(database.options)
    return psycopg.connect(**place, **options, autocommit=True, connect_timeout=10)


def furnish(database: Database, *, maintenance: str = "postgres", ours_alone: bool = True) -> None:
    """Make the roles and the database where absent, and set its privileges; may be repeated.

    `ours_alone`: the whole server is ours, so that its other databases are closed as well.
    """
    with connect(database, dbname=maintenance) as admin:
        # Two installations may start on one server; creating is not atomic, so they take turns.
        admin.execute("SELECT pg_advisory_lock(hashtext('lianfang: roles and databases'))")
        _make_roles(admin, database.logins)
        _make_database(admin, database)
        with connect(database) as inside:
            _set_privileges(inside, database, ours_alone=ours_alone)
        _set_passwords(admin, database)


def drop(database: Database, *, maintenance: str = "postgres") -> None:
    with connect(database, dbname=maintenance) as admin:
        name = sql.Identifier(database.name)
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def password_is_wrong(database: Database, role: Role, *, dbname: str | None = None) -> bool:
    """Whether our own server, whose messages are English, refuses the password; any other trouble is raised."""
    try:
        connect(database, role, dbname=dbname).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" not in str(error):
            raise
        return True
    return False


def _make_roles(admin: Admin, logins: Mapping[Role, Login]) -> None:
    known = {name for (name,) in admin.execute("SELECT rolname FROM pg_roles")}
    for login in (logins[role] for role in OUR_ROLES):
        if login.user not in known:
            admin.execute(
                sql.SQL(
                    "CREATE ROLE {} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
                    " PASSWORD {}"
                ).format(sql.Identifier(login.user), _verifier(admin, login))
            )
    owner = logins["owner"].user
    # An administrator who is no superuser acts for the owner as a member of it (on a server we did not start).
    if not _one(admin, "SELECT pg_has_role(current_user, %s, 'USAGE')", owner):
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(owner)))


def _make_database(admin: Admin, database: Database) -> None:
    if _one(admin, "SELECT count(*) FROM pg_database WHERE datname = %s", database.name):
        return
    provider = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
    admin.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8' {}").format(
            sql.Identifier(database.name),
            sql.Identifier(database.logins["owner"].user),
            sql.SQL(provider if admin.info.server_version >= BUILTIN_LOCALE_SINCE else ""),
        )
    )


def _set_privileges(inside: Admin, database: Database, *, ours_alone: bool) -> None:
    users = {role: sql.Identifier(database.logins[role].user) for role in OUR_ROLES}
    everyone = sql.SQL(", ").join(users.values())
    closed = [database.name, "postgres", "template1"] if ours_alone else [database.name]
    with inside.transaction():
        for name in map(sql.Identifier, closed):
            inside.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
        name = sql.Identifier(database.name)
        inside.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, everyone))
        for extension in map(sql.Identifier, EXTENSIONS):
            inside.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public").format(extension))
        # The schema belongs to this standing role, which our owner, inheriting nothing, is a member of only in name.
        inside.execute("SET LOCAL ROLE pg_database_owner")
        inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        inside.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(users["owner"]))
        inside.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(everyone))


def _set_passwords(admin: Admin, database: Database) -> None:
    """Give each role the password written down for it, unless it has it already."""
    for role in OUR_ROLES:
        if not _can_log_in(database, role):
            login = database.logins[role]
            user = sql.Identifier(login.user)
            admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(user, _verifier(admin, login)))


def _can_log_in(database: Database, role: Role) -> bool:
    try:
        connect(database, role).close()
    except psycopg.OperationalError:  # of a server that may speak any language
        return False
    return True


def _verifier(admin: Admin, login: Login) -> sql.Literal:
    """The password, hashed here: a server that logs DDL would log it otherwise."""
    hashed = admin.pgconn.encrypt_password(login.password.encode(), login.user.encode(), b"scram-sha-256")
    return sql.Literal(hashed.decode())


def _one(admin: Admin, query: LiteralString, *values: object) -> Any:
    row = admin.execute(query, values).fetchone()
    return row[0] if row else None


def named(database: Database, name: str) -> Database:
    """Another database of the same server, with the same log-ins."""
    return replace(database, name=name)
