"""One real PostgreSQL for the whole run, started before Django reads its settings, stopped at the end."""

import atexit
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

_FOLDER = Path(tempfile.mkdtemp(prefix="lianfang-tests-"))
os.environ["LIANFANG_DATA"] = str(_FOLDER)

import pytest  # noqa: E402 -- the data folder must be named before anything reads it
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from pytest_django.plugin import DjangoDbBlocker  # noqa: E402

from lianfang.kernel.key_folder import KeyFolder  # noqa: E402
from lianfang.machine.data_folder import DataFolder  # noqa: E402
from lianfang.machine.postgres import Cluster, Database  # noqa: E402

# pytest-django reads the settings before it reads this file: the folder they found is replaced here.
settings.DATA = DataFolder.open(_FOLDER)
RULES_ASKED = ("SELECT rule_set, during FROM rule_period", "SELECT hash, content FROM rule_set")
THRESHOLDS_ASKED = 'FROM "check_in_thresholds" WHERE NOT ("check_in_thresholds"."from_at" IS NULL)'
WINTER = datetime(2019, 12, 1, tzinfo=UTC)
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks PostgreSQL is marked, so that it can be run again on another version."""
    for item in items:
        asked = {"database", "clean", "db", "transactional_db"} & {*getattr(item, "fixturenames", ())}
        if asked or item.get_closest_marker("django_db"):
            item.add_marker("database")


@pytest.fixture(autouse=True)
def loggers_still_heard() -> Iterator[None]:
    """A test that left them silenced would let those after it find nothing in a log, whatever the product writes."""
    yield
    known = logging.root.manager.loggerDict
    assert not [
        name for name, one in known.items() if name.startswith("lianfang") and getattr(one, "disabled", 0)
    ]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The run's own cluster: the wheel's PostgreSQL, or whatever LIANFANG_POSTGRES_BIN names."""
    # A test's durability is not at stake; the crash tests start clusters of their own.
    made = Cluster(DataFolder.open(_FOLDER), settings={"fsync": "off"})
    made.start()
    yield made
    made.demolish()


@pytest.fixture(scope="session")
def database(cluster: Cluster) -> Database:
    return cluster.database


def place_of(database: Database, role: str) -> dict[str, object]:
    place = database.parameters(role)  # type: ignore[arg-type]
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return {names[key]: value for key, value in place.items()}


@pytest.fixture(scope="session")
def django_db_setup(database: Database, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The migrated database itself is used, by the roles of service; pytest-django makes none of its own."""
    with django_db_blocker.unblock():
        for alias, role in (("default", "app"), ("owner", "owner"), ("purge", "purge")):
            connections.databases[alias].update(place_of(database, role))
        call_command("migrate", database="owner", verbosity=0)
        lay_rules()
        yield
        for alias in connections:
            connections[alias].close()
        connection.close_pool()


def lay_rules() -> None:
    """What tests take for granted: whoever was in Hubei is quarantined, today as in the winter of 2020."""
    from lianfang.screening.services import lay_shipped  # noqa: PLC0415 -- after Django is set up

    lay_shipped("affected-areas", since=WINTER, until=datetime.now(UTC) + timedelta(days=60), reason="tests")


_everything_captured = CaptureQueriesContext.captured_queries.fget


def without_the_rules(self: CaptureQueriesContext) -> list[dict[str, str]]:
    """Which rules and thresholds are in force a process asks every few seconds, whatever page is open: no page's own question."""
    asked = (one for one in _everything_captured(self) if not one["sql"].startswith(RULES_ASKED))
    return [one for one in asked if THRESHOLDS_ASKED not in one["sql"]]


CaptureQueriesContext.captured_queries = property(without_the_rules)  # type: ignore[assignment]


@pytest.fixture
def clean(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, database: Database
) -> Iterator[Database]:
    """For tests whose writes come from several connections: everything they committed is removed afterwards."""
    with django_db_blocker.unblock():
        yield database
        connection.close()
        with connections["owner"].cursor() as cursor:
            cursor.execute(EMPTY)
        lay_rules()
        connection.close()


# Whatever tests write to.
WRITTEN = """
    duty_swap duty_handover duty_slot membership duty_person work_group headquarters device_report clock_in
    shift_handover roster declaration paper_pad paper_line pilot_explanation passage registration correction
    conflict_item cell settled_cell fold last_record last_sent distinct_people quality_task shift_closing
    display_token enrolment device region region_alias audit_entry audit_block audit_leaf activation_link
    recovery_code sign_in_failures glass officer_notice roster_token retention_rule purge screening_fact rescreened
    rescreening turn_back responsible_person overlay grid_staff person person_call household stay_in_household kinship
    person_merge not_the_same household_join person_phone quarantine_reason order_event care_need check_in_link
    check_in follow_up quarantine_order village_report village_check_in facility_room facility message_attempt message
    robot waiting_fact referral_event referral referral_sheet roster_answer place_notice
"""
# Only what was written to is emptied: a test writes to a dozen of these, and every table has files to be made anew.
EMPTY = f"""
DO $$
DECLARE
    one text;
    is_written boolean;
    written text[] := '{{}}';
BEGIN
    FOREACH one IN ARRAY ARRAY{WRITTEN.split()} LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', one) INTO is_written;
        IF is_written THEN written := written || one; END IF;
    END LOOP;
    IF written <> '{{}}' THEN EXECUTE 'TRUNCATE ' || array_to_string(written, ', ') || ' CASCADE'; END IF;
END $$;
DELETE FROM check_in_thresholds WHERE proposed_by IS NOT NULL;
DELETE FROM rule_period;
DELETE FROM rule_draft;
DELETE FROM checkpoint;
DELETE FROM officer_session;
DELETE FROM posting WHERE role <> 'WORKER';
DELETE FROM officer WHERE sign_in_name <> 'system:work';
DELETE FROM set_up_link;
UPDATE fold_position SET next_tx = b.oldest, mark_tx = b.next, folded_at = NULL, watermark = NULL, mark_at = NULL,
    version = 0, cubes = '' FROM lianfang_tx_bounds() b;
UPDATE clerk_position SET next_tx = 0, settled_until = NULL;
UPDATE screening_position SET next_tx = b.oldest, laid_at = NULL FROM lianfang_tx_bounds() b;
UPDATE referral_position SET next_tx = b.oldest FROM lianfang_tx_bounds() b;
"""


@pytest.fixture
def keys(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys")


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)
