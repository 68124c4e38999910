"""The walk over every table there is, each partition included, as the pages' role without a session or with a forged one.

Taken from the catalogue: a table, a view or a column that is added and not thought about fails here.
"""
# ruff: noqa: F401, F811 -- fixtures are imported and used by their names

from typing import Any
from uuid import uuid4

import pytest
from psycopg import Connection, Error, sql

from lianfang.command.models import Officer
from lianfang.kernel.reach import Reach
from lianfang.machine.postgres import Database
from tests import factories
from tests.factories import ANSHAN, Json
from tests.house.sources import ROOT
from tests.house.test_data import documented
from tests.test_trust import (  # the fixtures are used by name
    RECORDS,
    Connect,
    cars,
    connect,
    count,
    denied,
    haicheng,
    telling,
)

# Read by the pages' role without a session, and why nothing about a traveller is in them.
OPEN = {
    "officer": "staff; signing in comes before a session",
    "posting": "staff",
    "activation_link": "hashes of links",
    "recovery_code": "hashes of codes",
    "sign_in_failures": "hashes and counts",
    "glass": "staff: who read elsewhere, why",
    "officer_notice": "staff",
    "roster_token": "hashes, and names of staff",
    "set_up_link": "hashes of links",
    "display_token": "hashes, and names of screens",
    "enrolment": "hashes of codes",
    "device": "phones of checkpoints",
    "device_report": "phones of checkpoints",
    "clock_in": "staff",
    "shift_handover": "staff",
    "shift_closing": "counts",
    "quality_task": "staff; its form asks to name no traveller",
    "checkpoint": "places",
    "paper_pad": "numbers of pads",
    "paper_line": "which row became which passage; names and numbers are in the passage",
    "pilot_explanation": "why two counts differ",
    "region": "public facts",
    "region_alias": "public facts",
    "cell": "counts",
    "settled_cell": "counts",
    "distinct_people": "counts",
    "fold": "transactions that were counted",
    "fold_position": "how far they were counted",
    "clerk_position": "how far they were counted",
    "last_record": "when a checkpoint was heard of",
    "last_sent": "when a device was heard of",
    "retention_rule": "how long things are held",
    "rule_set": "orders that are public",
    "rule_draft": "orders being written, and who writes them",
    "rule_period": "when which order was in force",
    "rescreening": "counts, days, and who asked for it",
    "screening_position": "how far facts were laid",
    "purge": "ids of records that are to go, and counts",
    "responsible_person": "who answers for a division: officials' names and duty telephones",
    "overlay": "responsibility areas and posts, and who holds them",
    "grid_staff": "who works in which grid, and from which unit",
    "headquarters": "the organisation of the command",
    "work_group": "the organisation of the command",
    "duty_person": "who does duty: staff, with their duty telephones",
    "membership": "who belongs to which group",
    "duty_slot": "who does duty when",
    "duty_handover": "staff; its form asks to name no traveller",
    "duty_swap": "who asked whom to swap",
    "referral_position": "how far arrivals were read",
    "check_in_thresholds": "what counts as fever, and which officers said so",
    "django_migrations": "names of migrations",
}
# Sealed or keyed all the same, and read without a session.
OPEN_COLUMNS = {
    "officer.totp": "the second factor is asked for before there is a session; its key is not in the database",
    "recovery_code.code_hash": "keyed under the staff key; asked for before there is a session",
    "paper_line.plate_index": "finds the phone's passage of the same vehicle; nothing but equality can be learnt",
}
# Rows anybody may add and count; what is sealed in them no page reads at all.
UNREAD = {"declaration", "roster"}
SCREENED = ("rescreened", "screening_fact", "turn_back")
SCREENED_ROWS = """
INSERT INTO screening_fact (registration_id, tx, jurisdiction, captured_on, is_first, anew, code, direction, stays, symptoms,
    rule_set, rule_rows, measures)
SELECT id, tx, jurisdiction, captured_on, true, false, '', direction, stays, symptoms, rule_set, rule_rows, measures
FROM registration;
INSERT INTO rescreening (id, state, rule_set, since, until, counts, done, position, began_tx, slice_size, known_tx, reason, answer,
    asked_at, asked_by_id)
SELECT gen_random_uuid(), 'DRY_RUN', '', now(), now(), '{}', '{}', 0, 0, 0, 0, '', '', now(), (SELECT id FROM officer LIMIT 1);
INSERT INTO rescreened (rescreening_id, registration_id, captured_on, jurisdiction, rule_set, rule_rows, measures, details, before,
    stands, at)
SELECT s.id, r.id, r.captured_on, r.jurisdiction, r.rule_set, r.rule_rows, r.measures, '{}', r.measures, r.measures, now()
FROM registration r, rescreening s;
INSERT INTO turn_back (registration_id, verdict, reason, decided_by, decided_at, jurisdiction)
SELECT id, 'ADMITTED', 'x', gen_random_uuid(), now(), jurisdiction FROM registration;
"""
FILES = (
    "person", "person_phone", "person_call", "household", "household_join", "stay_in_household", "kinship", "person_merge",
    "not_the_same",
)  # fmt: skip
ON_THE_GRID = ("roster_answer",)  # which no desk reads
HANDED_OVER = ("referral", "referral_event", "referral_sheet", "waiting_fact")
REMINDED = ("message", "message_attempt", "robot")
OBSERVED = (
    "quarantine_order", "quarantine_reason", "order_event", "care_need", "check_in_link", "check_in", "follow_up", "facility",
    "facility_room", "village_check_in",
)  # fmt: skip
TOLD = ("place_notice",)
FILE_ROWS = """
INSERT INTO person (id, opened_on, opened_at, jurisdiction)
SELECT id, '2020-02-10', '2020-02-10', 210381101200000000 FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 2)) two;
INSERT INTO person_call (kind, reference, person_id, at) SELECT 'DESK', id::text, id, now() FROM person;
INSERT INTO household (id, code, division, jurisdiction, opened_on, opened_at, occupancy, walking_order)
SELECT gen_random_uuid(), n::text, '210381101200', 210381101200000000, '2020-02-10', '2020-02-10', 'OCCUPIED', n
FROM generate_series(1, 2) n;
INSERT INTO household_join (id, kept_id, joined_id, kept_jurisdiction, joined_jurisdiction, joined_by, joined_at)
SELECT gen_random_uuid(), min(id::text)::uuid, max(id::text)::uuid, min(jurisdiction), min(jurisdiction), gen_random_uuid(), now()
FROM household;
INSERT INTO person_phone (person_id, phone_index) SELECT id, '\\x00' FROM person;
INSERT INTO roster_answer (id, roster_id, jurisdiction, digest, about, occurred_at, received_at, late, code)
SELECT id, id, jurisdiction, '\\x00', id, now(), now(), false, '' FROM person;
INSERT INTO stay_in_household (id, person_id, household_id, jurisdiction, relation, state, from_at, told_by)
SELECT gen_random_uuid(), p.id, (SELECT min(id::text)::uuid FROM household), p.jurisdiction, 'HEAD', 'PRESENT', '2020-02-10', p.id
FROM person p;
INSERT INTO kinship (person_id, other_id, kind, at, told_by) SELECT min(id::text)::uuid, max(id::text)::uuid, 'SPOUSE', now(), gen_random_uuid() FROM person;
INSERT INTO person_merge (id, kept_id, merged_id, merged_by, merged_at)
SELECT gen_random_uuid(), person_id, other_id, told_by, at FROM kinship;
INSERT INTO not_the_same (one_id, other_id, said_by, said_at) SELECT person_id, other_id, told_by, at FROM kinship;
INSERT INTO referral (id, registration_id, passage_id, person_id, because, measures, details, origin, jurisdiction, outside, urgent,
    vacant, captured_on, sent_at, due_at, county_due_at, city_due_at, state)
SELECT p.id, p.id, p.id, p.id, 'ARRIVAL', '{NOTIFY_GRID}', '[]', p.jurisdiction, p.jurisdiction, false, false, false, '2020-02-10',
    now(), now(), now(), now(), 'SENT' FROM person p;
INSERT INTO referral_event (id, referral_id, kind, state, occurred_at, received_at, jurisdiction)
SELECT gen_random_uuid(), id, 'SENT', state, sent_at, sent_at, jurisdiction FROM referral;
INSERT INTO waiting_fact (id, room, referral_id, jurisdiction, since)
SELECT gen_random_uuid(), 'CLINIC', id, jurisdiction, sent_at FROM referral;
INSERT INTO referral_sheet (id, division, jurisdiction, printed_at, printed_by, reference, referrals)
SELECT id, '210381101200', jurisdiction, sent_at, id, 'x', ARRAY[id] FROM referral;
INSERT INTO robot (id, division, jurisdiction, name, webhook, added_by, added_at)
SELECT id, '210381101200', jurisdiction, 'x', '\\x00', id, now() FROM person;
INSERT INTO message (id, channel, subject_kind, subject_id, jurisdiction, purpose, on_day, written_at, state, next_at)
SELECT id, 'SMS', 'x', id, jurisdiction, 'x', '2020-02-10', now(), 'WAITING', now() FROM person;
INSERT INTO message_attempt (id, message_id, at, ok, code) SELECT id, id, written_at, false, 'x' FROM message;
INSERT INTO quarantine_order (id, person_id, kind, state, day0_on, last_on, division, jurisdiction, ordered_at)
SELECT id, id, 'HOME', 'ORDERED', '2020-02-10', '2020-02-24', '210381101200', jurisdiction, now() FROM person;
INSERT INTO quarantine_reason (id, order_id, kind, day0_on, days, added_at) SELECT id, id, 'OFFICER', day0_on, 14, now() FROM quarantine_order;
INSERT INTO order_event (id, order_id, kind, state, occurred_at, received_at, jurisdiction)
SELECT id, id, 'ORDERED', state, now(), now(), jurisdiction FROM quarantine_order;
INSERT INTO care_need (id, order_id, kind, has_carer, jurisdiction, opened_at)
SELECT id, id, 'MEDICINE', false, jurisdiction, now() FROM quarantine_order;
INSERT INTO check_in_link (id, token_hash, orders, jurisdiction, issued_at, expires_at)
SELECT id, sha256(id::text::bytea), ARRAY[id], jurisdiction, now(), now() FROM quarantine_order;
INSERT INTO check_in (id, order_id, on_day, half, symptoms, by, verdict, thresholds, occurred_at, received_at, jurisdiction)
SELECT id, id, '2020-02-10', 'MORNING', '{}', 'SELF', 'NOT_READ', 'x', now(), now(), jurisdiction FROM quarantine_order;
INSERT INTO follow_up (id, order_id, kind, since_day, since_half, jurisdiction, opened_at, due_at)
SELECT id, id, 'CALL', '2020-02-10', 'MORNING', jurisdiction, now(), now() FROM quarantine_order;
INSERT INTO facility (id, name, division, jurisdiction, phone, opened_at)
SELECT id, id::text, '210381101200', jurisdiction, '', now() FROM person;
INSERT INTO facility_room (facility_id, room, beds) SELECT id, '1', 1 FROM facility;
INSERT INTO village_check_in (id, division, jurisdiction, token_hash, opened_at, until)
SELECT id, id::text, jurisdiction, sha256(id::text::bytea), now(), now() + interval '1 day' FROM person;
INSERT INTO place_notice (id, division, jurisdiction, title, body, title_en, body_en, valid_from, valid_until, author_id, written_at, reason)
SELECT p.id, '210381101200', p.jurisdiction, 'x', 'x', '', '', now(), now() + interval '1 day', o.id, now(), ''
FROM person p CROSS JOIN (SELECT id FROM officer LIMIT 1) o;
"""
AUDIT = ("audit_entry", "audit_block", "audit_leaf")

RELATIONS = """
SELECT c.relname, c.relkind::text, c.relispartition, c.relrowsecurity, has_any_column_privilege(%s, c.oid, 'SELECT')
FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind NOT IN ('i', 'I', 'S', 'c', 't')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1
"""
AUDIT_ROWS = """
INSERT INTO audit_entry (act) VALUES ('FILE_READ');
INSERT INTO audit_block VALUES (1, now(), 0, 9, 1, '\\x00', '\\x00', '\\x00');
INSERT INTO audit_leaf SELECT max(number), 1, 0, '\\x00' FROM audit_entry;
"""


@pytest.fixture
def relations(connect: Connect, clean: Database) -> list[tuple[str, str, bool, bool, bool]]:
    """Name, kind, whether a partition, whether row-level security is on, whether the pages' role reads anything of it."""
    app = clean.logins["app"].user
    return connect("owner").execute(RELATIONS, [app]).fetchall()


@pytest.fixture
def kept(cars: dict[str, Json], connect: Connect) -> dict[str, Json]:
    """Rows in every table that a session guards."""
    connect("owner").execute(AUDIT_ROWS)
    connect("owner").execute(SCREENED_ROWS)
    connect("owner").execute(FILE_ROWS)
    return cars


def guarded(relations: list[tuple[str, str, bool, bool, bool]]) -> list[str]:
    """What the pages' role reads under a policy that asks for the session."""
    return [name for name, _, _, secured, read in relations if read and secured and name not in UNREAD]


# --- what there is ---


def test_everything_the_pages_read_is_guarded_by_a_session_or_named_as_open(
    relations: list[tuple[str, str, bool, bool, bool]],
) -> None:
    read_openly = {name for name, _, _, secured, read in relations if read and not secured}
    assert read_openly == set(OPEN)
    assert set(guarded(relations)) == {
        *RECORDS,
        *SCREENED,
        *FILES,
        *HANDED_OVER,
        *REMINDED,
        *OBSERVED,
        *TOLD,
        *ON_THE_GRID,
        *AUDIT,
    }
    assert all(OPEN.values())


def test_there_is_no_view_which_would_ask_as_its_owner(
    relations: list[tuple[str, str, bool, bool, bool]],
) -> None:
    assert {kind for _, kind, *_ in relations} == {"r", "p"}


def test_no_open_table_holds_anything_sealed_or_keyed() -> None:
    held = {
        f"{table}.{name}"
        for table, columns in documented().items()
        if table in OPEN
        for name, column in columns.items()
        if column.kind in ("sealed", "index", "digest")
    }
    assert held == set(OPEN_COLUMNS)


def test_what_travellers_declared_is_read_by_no_page(kept: object, connect: Connect) -> None:
    app = connect("app")
    for table in sorted(UNREAD):
        sealed = [name for name, column in documented()[table].items() if column.kind != "plain"]
        assert sealed
        for column in sealed:
            assert denied(app, f"SELECT {column} FROM {table}"), (table, column)
            assert denied(app, f"SELECT FROM {table} WHERE {column} IS NULL"), (table, column)
        assert denied(app, f"TABLE {table}")
        assert denied(app, f"COPY {table} TO STDOUT")


@pytest.mark.parametrize("role", ["app", "intake", "purge"])
def test_no_partition_is_read_by_its_own_name(
    kept: object,
    haicheng: Reach,
    connect: Connect,
    relations: list[tuple[str, str, bool, bool, bool]],
    role: str,
) -> None:
    partitions = [name for name, _, is_partition, _, _ in relations if is_partition]
    assert len(partitions) > 50
    assert {"passage_default", "registration_default"} <= set(partitions)
    able = connect(role)
    with telling(able, haicheng.session, "SESSION"):
        pass
    for name in partitions:
        for statement in (f"SELECT FROM {name}", f"TABLE {name}", f"SELECT {name} FROM {name}"):
            assert denied(able, statement), statement


# --- sessions that are none ---


def forged(of: Reach, other: Reach) -> list[str]:
    ids = [str(of.officer_id), str(other.officer_id), of.officer_id.hex, str(uuid4())]
    lo, hi = of.spans[0]
    return [
        "", " ", "\n", "NULL", "null", "*", "%", "0", "true", "{}", "[]",
        *ids, "{" + ",".join(ids) + "}", "[" + ",".join(f'"{one}"' for one in ids) + "]",
        f"[{lo},{hi}]", f"{{[{lo},{hi}]}}", "{(,)}", "{[0,9223372036854775807)}", str(lo), "210381", "210000",
        "lianfang_owner", "postgres", "DESK", "WORK", "system:work",
        "' OR true --", "'; RESET ROLE; --", "$$", "\\x00", f"\\x{of.session}",
        of.session[:-1], of.session + " ", of.session + "0", of.session.upper(), of.session[::-1],
        f"{of.session},{other.session}", f"{{{of.session}}}", "a" * 1_000_000, "北京" * 10_000,
    ]  # fmt: skip


@pytest.mark.parametrize("scope", ["LOCAL", "SESSION"])
def test_a_forged_session_sees_no_row_of_any_guarded_table(
    kept: object,
    haicheng: Reach,
    connect: Connect,
    relations: list[tuple[str, str, bool, bool, bool]],
    scope: str,
) -> None:
    app, owner, tables = connect("app"), connect("owner"), guarded(relations)
    auditor = factories.officer("AUDITOR", ANSHAN)
    assert [table for table in tables if count(owner, table) == 0] == []  # there is something to see
    for session in forged(haicheng, auditor):
        with telling(app, session, scope):
            seen = [table for table in tables if count(app, table)]
            assert seen == [], session[:80]
    assert [table for table in tables if count(app, table)] == []


def test_an_officers_session_sees_records_and_no_audit_and_an_auditors_the_other_way_round(
    kept: object,
    haicheng: Reach,
    connect: Connect,
    relations: list[tuple[str, str, bool, bool, bool]],
) -> None:
    app = connect("app")
    with telling(app, haicheng.session):
        assert [table for table in guarded(relations) if count(app, table)] == sorted(
            (*RECORDS, *SCREENED, *FILES, *HANDED_OVER, *REMINDED, *OBSERVED, *TOLD)
        )
    # Over a place where nothing passed, so that what he sees is the audit's alone; and places of quarantine, which hold nobody's
    # name and are asked for a bed from everywhere.
    auditor = factories.officer("AUDITOR", "210382")
    with telling(app, auditor.session):
        assert [table for table in guarded(relations) if count(app, table)] == sorted(
            (*AUDIT, "facility", "facility_room")
        )
    Officer.objects.filter(pk=auditor.officer_id).update(left_at=factories.datetime.now(factories.UTC))
    connect("owner").execute(
        "UPDATE posting SET until_at = now() WHERE officer_id = %s", [auditor.officer_id]
    )
    with telling(app, auditor.session):
        assert [table for table in guarded(relations) if count(app, table)] == []


# --- ways round ---


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW mine AS SELECT * FROM passage",
        "CREATE TEMPORARY VIEW mine AS SELECT * FROM passage",
        "CREATE MATERIALIZED VIEW mine AS SELECT * FROM passage",
        "CREATE TABLE mine AS SELECT * FROM passage",
        "CREATE TEMPORARY TABLE officer_session (id_hash bytea, officer_id uuid, kind text)",
        "SELECT * INTO TEMPORARY mine FROM passage",
        "CREATE FUNCTION pg_temp.lianfang_reach() RETURNS int8multirange LANGUAGE sql AS $$ SELECT '{(,)}'::int8multirange $$",
        "CREATE FUNCTION pg_temp.lianfang_session_hash(text) RETURNS bytea LANGUAGE sql AS $$ SELECT '\\x00'::bytea $$",
        "CREATE OR REPLACE FUNCTION lianfang_reach() RETURNS int8multirange LANGUAGE sql AS $$ SELECT '{(,)}'::int8multirange $$",
        "CREATE OR REPLACE FUNCTION lianfang_audits() RETURNS boolean LANGUAGE sql AS $$ SELECT true $$",
        "CREATE FUNCTION leak(uuid) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$",
        "CREATE OPERATOR <<< (LEFTARG = int8, RIGHTARG = int8multirange, FUNCTION = int8eq)",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION dblink",
        "CREATE EXTENSION postgres_fdw",
        "CREATE PUBLICATION mine FOR TABLE passage",
        "CREATE TRIGGER mine AFTER INSERT ON correction FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE mine AS ON SELECT TO officer DO INSTEAD SELECT * FROM passage",
        "CREATE STATISTICS mine ON captured_on, checkpoint FROM passage",
        "CREATE POLICY mine ON passage USING (true)",
        "DROP POLICY within_reach ON passage",
        "ALTER TABLE passage DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE passage OWNER TO CURRENT_USER",
        "ALTER TABLE passage DETACH PARTITION passage_default",
        "ALTER FUNCTION lianfang_reach() SECURITY INVOKER",
        "ALTER FUNCTION lianfang_reach() RESET search_path",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "ALTER DATABASE postgres SET row_security = off",
        "BEGIN; LOCK TABLE passage IN ACCESS EXCLUSIVE MODE",
        "COPY passage TO PROGRAM 'cat'",
        "COPY officer TO '/dev/null'",
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT pg_ls_dir('.')",
        "SELECT lo_import('/etc/hostname')",
        "SELECT FROM pg_statistic",
        "SELECT FROM pg_authid",
        "SELECT FROM pg_user_mapping",
        "SET session_replication_role = replica",
    ],
)
def test_no_object_of_ones_own_and_no_setting_gets_round_the_reach(
    kept: object,
    haicheng: Reach,
    connect: Connect,
    statement: str,
) -> None:
    app = connect("app")
    with telling(app, haicheng.session, "SESSION"):
        pass
    assert denied(app, statement)


@pytest.mark.parametrize("role", ["owner", "intake", "purge", "admin"])
def test_no_other_role_is_put_on(kept: object, clean: Database, connect: Connect, role: str) -> None:
    app = connect("app")
    user = clean.logins[role].user  # type: ignore[index]
    for statement in (
        "SET ROLE {}",
        "SET LOCAL ROLE {}",
        "SET SESSION AUTHORIZATION {}",
        "GRANT {} TO CURRENT_USER",
    ):
        made = sql.SQL(statement).format(sql.Identifier(user)).as_string(app)  # type: ignore[arg-type]
        assert denied(app, made), made


@pytest.mark.parametrize(
    "settings",
    [
        "RESET ROLE",
        "RESET SESSION AUTHORIZATION",
        "RESET ALL",
        "DISCARD ALL",
        "SET ROLE NONE",
        "SET search_path = pg_temp, pg_catalog",
        "SET search_path = ''",
        "SET search_path = information_schema, public",
        "SET default_transaction_read_only = on",
        "SET transaction_isolation = 'repeatable read'",
        "SET plan_cache_mode = force_generic_plan",
        "SET enable_indexscan = off",
        "SET max_parallel_workers_per_gather = 4",
        "SET lianfang.officer = 'system:work'",
        "SET lianfang.reach = '{(,)}'",
    ],
)
def test_what_a_role_may_set_for_itself_shows_it_no_more(
    kept: object,
    haicheng: Reach,
    connect: Connect,
    relations: list[tuple[str, str, bool, bool, bool]],
    settings: str,
) -> None:
    app = connect("app")
    app.execute(settings)  # type: ignore[arg-type]
    for table in guarded(relations):
        assert app.execute(f"SELECT count(*) FROM public.{table}").fetchone() == (0,), table  # type: ignore[arg-type]
    assert app.execute("SELECT public.lianfang_reach()::text").fetchone() in [("{}",), (None,)]
    with telling(app, haicheng.session):
        seen = app.execute("SELECT count(*), count(DISTINCT jurisdiction) FROM public.passage").fetchone()
    assert seen == (1, 1)


def test_row_security_that_is_off_refuses_instead_of_showing(
    kept: object,
    connect: Connect,
    relations: list[tuple[str, str, bool, bool, bool]],
) -> None:
    app = connect("app")
    app.execute("SET row_security = off")
    assert [table for table in guarded(relations) if not denied(app, f"SELECT FROM {table}")] == []


@pytest.mark.parametrize("table", RECORDS)
def test_no_row_is_told_by_an_error_a_lock_or_a_statistic(
    kept: object,
    connect: Connect,
    table: str,
) -> None:
    """A condition that fails on a row would tell that there is one, if it were asked before the policy."""
    app, owner = connect("app"), connect("owner")
    owner.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
    for condition in (
        "1 / (length(checkpoint) - length(checkpoint)) = 1",
        "checkpoint::int = 1",
        "left(checkpoint, 1)::int = 1",
    ):
        rows = app.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()  # type: ignore[arg-type]
        assert rows == (0,)
        with pytest.raises(Error):
            owner.execute(f"SELECT count(*) FROM {table} WHERE {condition}")  # type: ignore[arg-type]
    for view in ("pg_stats", "pg_stats_ext"):
        told = app.execute(f"SELECT count(*) FROM {view} WHERE tablename LIKE %s", [f"{table}%"]).fetchone()  # type: ignore[arg-type]
        assert told == (0,), view
    assert denied(app, f"SELECT FROM {table} FOR KEY SHARE")


def session_functions(app: Connection[Any]) -> dict[str, list[Any]]:
    return {
        name: app.execute(f"SELECT * FROM {name}(%s)", ["0" * 64]).fetchall()  # type: ignore[arg-type]
        for name in ("lianfang_session", "lianfang_sessions")
    }


def test_functions_about_sessions_answer_nothing_to_a_guess(haicheng: Reach, connect: Connect) -> None:
    app = connect("app")
    assert session_functions(app) == {"lianfang_session": [], "lianfang_sessions": []}
    for guess in (str(haicheng.officer_id), haicheng.session[:-1], ""):
        assert app.execute("SELECT * FROM lianfang_sessions(%s)", [guess]).fetchall() == []


def test_who_signs_people_in_can_sign_anybody_in_and_the_docs_say_so(
    haicheng: Reach, connect: Connect
) -> None:
    """By design: passwords are proved by the pages, so their role opens sessions. It can do so for nobody who left."""
    app = connect("app")
    (session,) = app.execute(
        "SELECT lianfang_open_session(%s, 'DESK', '1h', '1h')", [haicheng.officer_id]
    ).fetchone()  # type: ignore[misc]
    with telling(app, session):
        assert app.execute("SELECT lianfang_reach()::text").fetchone() != ("{}",)
    assert "lianfang_open_session" in (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")
