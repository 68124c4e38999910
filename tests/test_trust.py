"""Trust's shape: what each of the database's roles may do, and what nobody may, asked of the database itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connections
from psycopg import Connection, sql
from psycopg.errors import InsufficientPrivilege

from lianfang.checkpoints.services import correct
from lianfang.command.models import Officer
from lianfang.command.services import sign_out
from lianfang.kernel.divisions import span
from lianfang.kernel.reach import Reach, reach
from lianfang.machine.postgres import Database
from tests import factories
from tests.factories import HAICHENG, XIUYAN, Generated, Intake, Json

RECORDS = ("passage", "registration", "correction", "conflict_item")
FILES = ("care_need", "follow_up", "household", "message", "order_event", "person", "referral_event")
BLOBS_AND_INDEXES = {
    "passage": ("sealed", "plate_index"),
    "registration": ("sealed", "document_index", "phone_index"),
    "correction": ("sealed", "plate_index", "document_index", "phone_index", "facts"),
    "conflict_item": ("sealed", "checkpoint"),
}

Connect = Callable[[str], Connection[Any]]


@pytest.fixture
def connect(clean: Database) -> Iterator[Connect]:
    """Connections of our own, in any role, each statement its own transaction."""
    opened: list[Connection[Any]] = []

    def in_role(role: str) -> Connection[Any]:
        made = psycopg.connect(**clean.parameters(role), autocommit=True)  # type: ignore[arg-type]
        opened.append(made)
        return made

    yield in_role
    for connection in opened:
        connection.close()


@pytest.fixture
def haicheng(clean: Database) -> Reach:
    return factories.officer("COUNTY_DESK", HAICHENG)


@pytest.fixture
def cars(clean: Database, haicheng: Reach) -> dict[str, Json]:
    """A car in each of two counties; each with a correction, and each was sent again with other content."""
    sent, generated = {}, Generated(seed=1)
    for code, division in (("GATE", HAICHENG), ("FAR", XIUYAN)):
        factories.checkpoint(code, division=division)
        intake = Intake(clean, factories.device(code))
        car = generated.passage(checkpoint=code, people=2)
        intake.send(generated.parcel(car, generated.correction(car["id"], {"plate": "辽C77777"})))
        intake.send(generated.parcel(car | {"plate": "辽C00000"}))
        sent[code] = car
    return sent


def denied(connection: Connection[Any], statement: str, *parameters: object) -> bool:
    """Whether the role has no right to it. Any other error is a mistake of the test's own."""
    try:
        connection.execute(statement, parameters or None)  # type: ignore[arg-type]
    except InsufficientPrivilege:
        return True
    return False


def count(connection: Connection[Any], table: str) -> int:
    statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    row = connection.execute(statement).fetchone()
    assert row is not None
    return int(row[0])


def counts(connection: Connection[Any]) -> list[int]:
    return [count(connection, table) for table in RECORDS]


NOTHING = [0, 0, 0, 0]
ONE_COUNTY = [1, 2, 1, 1]
BOTH = [2, 4, 2, 2]


@contextmanager
def telling(connection: Connection[Any], session: str, scope: str = "LOCAL") -> Iterator[None]:
    with connection.transaction():
        connection.execute(f"SET {scope} lianfang.session = {sql.Literal(session).as_string(connection)}")
        yield


# --- the intake: it writes, and reads what a retry's answer needs ---


def test_the_intake_reads_id_digest_receipt_and_partition_keys(cars: object, connect: Connect) -> None:
    intake = connect("intake")
    for table in ("passage", "registration", "correction"):
        rows = intake.execute(f"SELECT id, digest, receipt, received_at, captured_on FROM {table}").fetchall()
        assert len(rows) >= 2
        assert all(None not in row for row in rows)
    assert len(intake.execute("SELECT record_id, digest FROM conflict_item").fetchall()) == 2


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, column) for table, columns in BLOBS_AND_INDEXES.items() for column in columns],
)
def test_the_intake_reads_no_blob_and_no_index(
    cars: object, connect: Connect, table: str, column: str
) -> None:
    intake = connect("intake")
    assert denied(intake, f"SELECT {column} FROM {table}")
    assert denied(intake, f"SELECT id FROM {table} WHERE {column} IS NOT NULL")
    assert denied(intake, f"SELECT {table} FROM {table}")
    assert denied(intake, f"COPY {table} TO STDOUT")


def test_the_intake_reads_nothing_back_of_what_it_has_just_written(connect: Connect) -> None:
    values = (
        "VALUES (%s, '\\x', '', now(), now(), current_date, 0, 'GATE', 0, 'IN', 'CAR', 'OFFICER', '\\x00')"
    )
    insert = (
        "INSERT INTO passage (id, digest, receipt, received_at, occurred_at, captured_on, captured_hour, checkpoint, "
        f"jurisdiction, direction, transport, source, sealed) {values}"
    )
    intake = connect("intake")
    assert denied(intake, f"{insert} RETURNING sealed", uuid4())
    assert not denied(intake, f"{insert} RETURNING id", uuid4())
    assert count(connect("owner"), "passage") == 1


@pytest.mark.parametrize("table", RECORDS)
def test_the_intake_changes_and_removes_nothing(cars: object, connect: Connect, table: str) -> None:
    intake = connect("intake")
    assert denied(intake, f"UPDATE {table} SET sealed = NULL")
    assert denied(intake, f"UPDATE {table} SET digest = digest")
    assert denied(intake, f"DELETE FROM {table}")
    assert denied(intake, f"TRUNCATE {table} CASCADE")
    assert counts(connect("owner")) == BOTH


def test_the_intake_knows_nothing_of_officers_and_opens_no_session(haicheng: Reach, connect: Connect) -> None:
    intake = connect("intake")
    for table in ("officer", "posting", "officer_session", "set_up_link", "display_token", "enrolment"):
        assert denied(intake, f"SELECT FROM {table}")
    assert denied(intake, "SELECT lianfang_open_session(%s, 'DESK', '1h', '1h')", haicheng.officer_id)
    assert denied(intake, "UPDATE device SET revoked_at = NULL")


# --- the app: it sees what the session named in the setting may see ---


def test_the_app_sees_its_officers_county_and_nothing_without_a_session(
    cars: object, haicheng: Reach, connect: Connect
) -> None:
    app = connect("app")
    assert counts(connect("owner")) == BOTH
    assert counts(app) == NOTHING
    with telling(app, haicheng.session):
        assert counts(app) == ONE_COUNTY
    assert counts(app) == NOTHING


@pytest.mark.parametrize("scope", ["LOCAL", "SESSION"])
@pytest.mark.parametrize(
    "forged",
    [
        "",
        " ",
        "0" * 64,
        "01a20000-0000-7000-8000-0000000000dd",
        "{[0,999999999999999999]}",
        "{210381000000000000}",
        "lianfang_owner",
        "' OR true --",
        "\\x00",
        "北京" * 500,
    ],
)
def test_a_forged_session_sees_nothing(cars: object, connect: Connect, forged: str, scope: str) -> None:
    app = connect("app")
    with telling(app, forged, scope):
        assert counts(app) == NOTHING
    assert counts(app) == NOTHING


def test_the_hash_of_a_session_or_an_officers_id_is_no_session(
    cars: object, haicheng: Reach, connect: Connect
) -> None:
    app = connect("app")
    row = app.execute("SELECT encode(lianfang_session_hash(%s), 'hex')", [haicheng.session]).fetchone()
    assert row is not None
    for forged in (
        row[0],
        f"\\x{row[0]}",
        str(haicheng.officer_id),
        haicheng.session.upper(),
        haicheng.session[:-1],
    ):
        with telling(app, forged):
            assert counts(app) == NOTHING


def test_a_closed_session_sees_nothing(cars: object, haicheng: Reach, connect: Connect) -> None:
    sign_out(session=haicheng.session)
    app = connect("app")
    with telling(app, haicheng.session):
        assert counts(app) == NOTHING


def test_an_expired_session_sees_nothing(cars: object, haicheng: Reach, connect: Connect) -> None:
    connect("owner").execute("UPDATE officer_session SET expires_at = now() - interval '1 second'")
    app = connect("app")
    with telling(app, haicheng.session):
        assert counts(app) == NOTHING


def test_an_officer_without_a_posting_sees_nothing(cars: object, connect: Connect) -> None:
    nobody = Officer.objects.create(
        sign_in_name="nobody", name="无岗位", password="!", made_at="2020-02-10T00:00Z"
    )
    session = factories.session_of(nobody, lasts=timedelta(minutes=5))
    app = connect("app")
    with telling(app, session.session):
        assert counts(app) == NOTHING


def test_with_reach_leaves_nothing_behind_on_its_connection(cars: object, haicheng: Reach) -> None:
    django = connections["default"]

    def seen() -> int:
        with django.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM passage")
            return int(cursor.fetchone()[0])

    with reach(haicheng):
        assert seen() == 1
        backend = django.connection.info.backend_pid
    assert seen() == 0
    assert django.connection.info.backend_pid == backend


@pytest.mark.parametrize("role", ["owner", "intake", "purge"])
def test_the_app_cannot_become_another_role(clean: Database, connect: Connect, role: str) -> None:
    app = connect("app")
    user = clean.logins[role].user  # type: ignore[index]
    assert denied(app, f"SET ROLE {user}")
    assert denied(app, f"SET SESSION AUTHORIZATION {user}")


def test_row_level_security_is_not_the_apps_to_turn_off(cars: object, connect: Connect) -> None:
    app = connect("app")
    app.execute("SET row_security = off")
    for table in RECORDS:
        assert denied(app, f"SELECT FROM {table}")  # refused, where it would have to filter
        assert denied(app, f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        assert denied(app, f"CREATE POLICY mine ON {table} USING (true)")
    assert denied(
        app, "CREATE OR REPLACE FUNCTION lianfang_reach() RETURNS int8multirange LANGUAGE sql AS 'SELECT 1'"
    )


def test_nobody_of_service_makes_objects_that_functions_could_stumble_over(connect: Connect) -> None:
    for role in ("app", "intake", "purge"):
        connection = connect(role)
        assert denied(connection, "CREATE TABLE officer_session (reach int8multirange)")
        assert denied(connection, "CREATE TEMPORARY TABLE officer_session (reach int8multirange)")
        assert denied(connection, "CREATE SCHEMA mine")


def test_sessions_are_out_of_the_apps_hands(haicheng: Reach, connect: Connect) -> None:
    app = connect("app")
    for statement in (
        "SELECT FROM officer_session",
        "UPDATE officer_session SET expires_at = 'infinity'",
        "UPDATE officer_session SET officer_id = officer_id",
        "INSERT INTO officer_session SELECT * FROM officer_session",
        "DELETE FROM officer_session",
    ):
        assert denied(app, statement), statement


def test_the_app_asks_the_inner_functions_only_by_way_of_the_outer_ones(
    haicheng: Reach, connect: Connect
) -> None:
    app = connect("app")
    with telling(app, haicheng.session):
        (spans,) = app.execute("SELECT lianfang_reach()").fetchone()  # type: ignore[misc]
        assert len(spans) == 1
    for statement in (
        "SELECT lianfang_officer(ARRAY['DESK', 'TOKEN', 'WORK'])",
        "SELECT lianfang_posted(%s)",
        "SELECT lianfang_through_glass(%s)",
        "SELECT lianfang_raise_tx()",
    ):
        given = [haicheng.officer_id] if "%s" in statement else []
        assert denied(app, statement, *given), statement


def test_an_open_session_sees_nothing_once_its_posting_has_ended_or_its_officer_left(
    cars: object, haicheng: Reach, connect: Connect
) -> None:
    app, owner = connect("app"), connect("owner")
    script = factories.session_of(Officer.objects.get(pk=haicheng.officer_id), kind="TOKEN")

    def seen() -> list[list[int]]:
        found = []
        for session in (haicheng.session, script.session):
            with telling(app, session):
                found.append(counts(app))
        return found

    assert seen() == [ONE_COUNTY, ONE_COUNTY]
    owner.execute("UPDATE posting SET until_at = now() WHERE officer_id = %s", [haicheng.officer_id])
    assert seen() == [NOTHING, NOTHING]
    owner.execute("UPDATE posting SET until_at = NULL WHERE officer_id = %s", [haicheng.officer_id])
    owner.execute(
        "UPDATE posting SET from_at = now() + interval '1 hour' WHERE officer_id = %s", [haicheng.officer_id]
    )
    assert seen() == [NOTHING, NOTHING]
    owner.execute("UPDATE posting SET from_at = now() WHERE officer_id = %s", [haicheng.officer_id])
    assert seen() == [ONE_COUNTY, ONE_COUNTY]
    owner.execute("UPDATE officer SET left_at = now() WHERE id = %s", [haicheng.officer_id])
    assert seen() == [NOTHING, NOTHING]


def test_a_session_that_was_idle_for_too_long_sees_nothing(
    cars: object, haicheng: Reach, connect: Connect
) -> None:
    connect("owner").execute("UPDATE officer_session SET seen_at = now() - idle_for")
    app = connect("app")
    with telling(app, haicheng.session):
        assert counts(app) == NOTHING


@pytest.mark.parametrize("table", ["passage", "registration", "conflict_item"])
def test_the_app_adds_no_record(cars: object, haicheng: Reach, connect: Connect, table: str) -> None:
    app = connect("app")
    with telling(app, haicheng.session):
        rows = app.execute(f"SELECT id FROM {table}").fetchall()
    assert rows
    assert denied(app, f"INSERT INTO {table} SELECT * FROM {table}")
    assert denied(app, f"INSERT INTO {table} DEFAULT VALUES")


@pytest.mark.parametrize("table", RECORDS)
def test_the_app_changes_and_removes_no_record(cars: object, connect: Connect, table: str) -> None:
    app = connect("app")
    for statement in (
        f"UPDATE {table} SET received_at = now()",
        f"UPDATE {table} SET sealed = NULL",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"SELECT FROM {table} FOR UPDATE",
    ):
        assert denied(app, statement)


def test_the_app_adds_corrections_within_reach_only(
    cars: dict[str, Json], haicheng: Reach, connect: Connect, now: datetime
) -> None:
    correct(by=haicheng, of=UUID(cars["GATE"]["id"]), fields={"plate": "辽C1A2B3"}, reason="看错了", at=now)
    app = connect("app")
    assert not put_correction(app, haicheng, 210381 * 10**12)
    assert put_correction(app, haicheng, 210323 * 10**12)
    assert count(connect("owner"), "correction") == 4


COPY_OF_A_CORRECTION = (
    "INSERT INTO correction (id, receipt, received_at, occurred_at, captured_on, captured_hour, checkpoint, "
    "jurisdiction, officer_id, of, target, facts) SELECT %s, receipt, received_at, occurred_at, captured_on, "
    "captured_hour, checkpoint, %s, %s, of, target, facts FROM correction LIMIT 1"
)


def put_correction(app: Connection[Any], by: Reach, jurisdiction: int) -> bool:
    """Whether the database refuses a correction written out by hand under a session."""
    with telling(app, by.session):
        assert count(app, "correction") > 0
        return denied(app, COPY_OF_A_CORRECTION, uuid4(), jurisdiction, by.officer_id)


@pytest.mark.parametrize("kind", ["TOKEN", "WORK"])
def test_what_only_reads_adds_no_correction_by_raw_sql_either(
    cars: object, haicheng: Reach, connect: Connect, kind: str
) -> None:
    script = factories.session_of(Officer.objects.get(pk=haicheng.officer_id), kind=kind)
    assert put_correction(connect("app"), script, 210381 * 10**12)
    assert count(connect("owner"), "correction") == 2


def test_broken_glass_reads_the_next_county_and_adds_no_correction_there(
    cars: object, haicheng: Reach, connect: Connect
) -> None:
    app, owner = connect("app"), connect("owner")
    lo, hi = span(XIUYAN)
    owner.execute(
        "INSERT INTO glass (id, officer_id, division, lo, hi, reason, broken_at, ends_at) "
        "VALUES (%s, %s, %s, %s, %s, '协查', now(), now() + interval '3 hours')",
        [uuid4(), haicheng.officer_id, XIUYAN, lo, hi],
    )
    with telling(app, haicheng.session):
        assert counts(app) == BOTH
    assert put_correction(app, haicheng, lo)
    assert not put_correction(app, haicheng, span(HAICHENG)[0])
    owner.execute("UPDATE glass SET closed_at = now()")
    with telling(app, haicheng.session):
        assert count(app, "passage") == 1
    owner.execute(
        "UPDATE glass SET closed_at = NULL, broken_at = now() - interval '4 hours', ends_at = now()"
    )
    with telling(app, haicheng.session):
        assert count(app, "passage") == 1


# --- the purge: it clears, and reads no more than it must ---


PURGED = {
    "passage": "digest = NULL, sealed = NULL, plate_index = NULL",
    "registration": "digest = NULL, sealed = NULL, document_index = NULL, phone_index = NULL",
    "correction": "digest = NULL, sealed = NULL, plate_index = NULL, document_index = NULL, phone_index = NULL",
    "conflict_item": "digest = NULL, sealed = NULL",
}


@pytest.mark.parametrize("table", RECORDS)
def test_the_purge_clears_a_days_private_columns(cars: object, connect: Connect, table: str) -> None:
    purge, owner = connect("purge"), connect("owner")
    day = factories.today()
    purge.execute(f"UPDATE {table} SET {PURGED[table]} WHERE captured_on = %s", [day - timedelta(days=1)])
    assert owner.execute(f"SELECT count(sealed) FROM {table}").fetchone() == (BOTH[RECORDS.index(table)],)
    purge.execute(f"UPDATE {table} SET {PURGED[table]} WHERE captured_on = %s", [day])
    assert owner.execute(f"SELECT count(sealed), count(*) FROM {table}").fetchone() == (
        0,
        BOTH[RECORDS.index(table)],
    )


# What it must know of a row: which day takes it, whether a measure goes on, what lies over what; and the sealed bytes,
# which it seals again under a key that is kept longer. No key is in the database.
PURGE_READS = {
    "passage": {"id", "captured_on", *BLOBS_AND_INDEXES["passage"], "digest"},
    "registration": {
        "id",
        "captured_on",
        *BLOBS_AND_INDEXES["registration"],
        "digest",
        "passage_id",
        "measures",
    },
    "correction": {
        "id",
        "captured_on",
        "sealed",
        "plate_index",
        "document_index",
        "phone_index",
        "digest",
        "of",
    },
    "conflict_item": {"id", "captured_on", "sealed", "digest", "record_id"},
}


@pytest.mark.parametrize("table", RECORDS)
def test_the_purge_reads_nothing_that_was_said_in_clear_and_changes_nothing_it_does_not_clear(
    cars: object, connect: Connect, table: str
) -> None:
    purge = connect("purge")
    may = "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
    columns = {str(name) for (name,) in connect("owner").execute(may, [table]).fetchall()}
    assert PURGE_READS[table] == {
        name for name in columns if not denied(purge, f"SELECT {name} FROM {table}")
    }
    changed = {name for name in columns if not denied(purge, f"UPDATE {table} SET {name} = {name}")}
    assert changed == {part.split(" = ")[0].strip() for part in PURGED[table].split(",")}
    for statement in (
        f"SELECT * FROM {table}",
        f"SELECT FROM {table} WHERE checkpoint = 'GATE'",
        f"UPDATE {table} SET sealed = NULL RETURNING checkpoint",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"INSERT INTO {table} DEFAULT VALUES",
    ):
        assert denied(purge, statement), statement


# --- the catalogue ---


def catalogue(connect: Connect, statement: str) -> list[Any]:
    return connect("owner").execute(statement).fetchall()  # type: ignore[arg-type]


def test_nothing_is_granted_on_any_partition(connect: Connect) -> None:
    partitions = catalogue(
        connect, "SELECT relname, relacl FROM pg_class WHERE relispartition AND relkind = 'r'"
    )
    assert len(partitions) > 50
    granted = """
        SELECT c.relname, a.grantee::regrole FROM pg_class c, aclexplode(c.relacl) a
        WHERE c.relispartition AND a.grantee <> c.relowner
        UNION ALL
        SELECT c.relname || '.' || t.attname, a.grantee::regrole
        FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
        WHERE c.relispartition AND a.grantee <> c.relowner
    """
    assert catalogue(connect, granted) == []


def test_no_partition_is_reached_directly(cars: object, haicheng: Reach, connect: Connect) -> None:
    partitions = [
        name
        for (name,) in catalogue(
            connect, "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'"
        )
    ]
    for role in ("app", "intake", "purge"):
        connection = connect(role)
        connection.execute("SELECT set_config('lianfang.session', %s, false)", [haicheng.session])
        assert [name for name in partitions if not denied(connection, f"SELECT FROM {name}")] == []
        assert [
            name for name in partitions if not denied(connection, f"INSERT INTO {name} DEFAULT VALUES")
        ] == []


def test_every_table_with_a_sealed_column_has_row_level_security(connect: Connect) -> None:
    tables = catalogue(
        connect,
        """SELECT c.relname, c.relrowsecurity FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE a.attname = 'sealed' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1""",
    )
    assert tables == [(name, True) for name in sorted([*RECORDS, "declaration", "roster", *FILES])]


def test_the_roles_of_service_own_nothing_and_stand_above_nothing(clean: Database, connect: Connect) -> None:
    users = [clean.logins[role].user for role in ("app", "intake", "purge")]  # type: ignore[index]
    names = ", ".join(f"'{user}'" for user in users)
    assert (
        catalogue(
            connect,
            f"SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication OR rolinherit FROM pg_roles WHERE rolname IN ({names})",
        )
        == [(False,)] * 3
    )
    assert catalogue(connect, f"SELECT FROM pg_auth_members WHERE member::regrole::text IN ({names})") == []
    assert (
        catalogue(connect, f"SELECT relname FROM pg_class WHERE relowner::regrole::text IN ({names})") == []
    )


# Others ask these; nobody of service asks them directly, or the app could look up anybody's spans.
ASKED_BY_FUNCTIONS_ALONE = (
    "lianfang_officer",
    "lianfang_posted",
    "lianfang_through_glass",
    "lianfang_village_most",
)


def test_functions_that_act_for_the_owner_pin_their_search_path_and_are_not_for_everybody(
    connect: Connect,
) -> None:
    functions = catalogue(
        connect,
        """SELECT p.proname, coalesce(array_to_string(p.proconfig, ' '), '') LIKE '%search_path=%',
                  (SELECT array_agg(a.grantee::regrole::text ORDER BY 1) FROM aclexplode(p.proacl) a WHERE a.grantee <> p.proowner)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND n.nspname = 'public' AND p.proname LIKE 'lianfang%'""",
    )
    assert len(functions) >= 5
    assert [name for name, pinned, _ in functions if not pinned] == []
    assert {name: grantees for name, _, grantees in functions if grantees != ["lianfang_app"]} == {
        name: None for name in ASKED_BY_FUNCTIONS_ALONE
    }


@pytest.mark.parametrize("role", ["intake", "purge"])
def test_neither_intake_nor_purge_may_act_for_the_owner_or_open_a_session(
    haicheng: Reach, connect: Connect, role: str
) -> None:
    functions = [
        str(function)
        for (function,) in catalogue(
            connect,
            "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef AND proname LIKE 'lianfang%'",
        )
    ]
    able = connect(role)
    may = "SELECT has_function_privilege(%s, 'EXECUTE')"
    assert [one for one in functions if able.execute(may, [one]).fetchone() != (False,)] == []
    assert denied(able, "SELECT lianfang_open_session(%s, 'DESK', '1h', '1h')", haicheng.officer_id)
    assert denied(able, "SELECT lianfang_close_sessions(%s)", haicheng.officer_id)
    for table in ("officer", "posting", "officer_session", "activation_link", "glass"):
        assert denied(able, f"SELECT FROM {table}"), table
    for table in ("audit_entry", "audit_block", "audit_leaf"):
        assert denied(able, f"SELECT FROM {table}"), table


@pytest.mark.parametrize("table", RECORDS)
def test_the_policies_ask_for_the_reach_once_a_statement(
    cars: object, haicheng: Reach, connect: Connect, table: str
) -> None:
    app = connect("app")
    with telling(app, haicheng.session):
        plan = [
            line for (line,) in app.execute(f"EXPLAIN (VERBOSE, COSTS OFF) SELECT id FROM {table}").fetchall()
        ]
    assert sum("InitPlan" in line and "InitPlan 1)" not in line for line in plan) == 1
    assert sum("lianfang_reach()" in line for line in plan) == 1
    (asked,) = [line for line in plan if "lianfang_reach()" in line]
    assert "Output:" in asked  # computed by the InitPlan, not in a filter of every row
