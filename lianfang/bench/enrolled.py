"""Three million people under observation who do not exist, loaded by SQL; and their phones' check-ins as HTTP requests.

Orders of households of three with a link each, over the city's counties, in days 0 to 13; most have reported this half-day, which
is the first they are asked of: nobody has missed one, and is called or visited beside what is measured.
No file of anybody is opened: the door knows nobody by name, and neither does this.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from psycopg import sql

from lianfang.bench.load import Request
from lianfang.bench.parcels import new_id
from lianfang.bench.tables import Tables
from lianfang.machine.progress import Telling

SLICE = 200_000
HOUSEHOLD = 3
REPORTED = 80  # per cent of people, in the half-day that is running

_INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() "
    "AND tablename IN ('quarantine_order', 'check_in_link', 'check_in') AND indexdef NOT LIKE 'CREATE UNIQUE%'"
)
# An id as phones and desks make them: the moment, the version, and the number.
_ID = "(lpad(to_hex(1577836800000 + {n}), 12, '0') || '7{kind}8' || lpad(to_hex({n}), 15, '0'))::uuid"
_ORDER_ID, _LINK_ID, _REPORT_ID = (_ID.format(n="{n}", kind=kind) for kind in ("001", "002", "003"))
_JURISDICTION = (
    "((ARRAY[210302, 210303, 210304, 210311, 210321, 210323, 210381])[1 + n %% 7]::bigint * 1000000000 "
    "+ (101 + n / 7 %% 26) * 1000000 + (1 + n / 182 %% 30) * 1000 + 1) * 1000"
)
_ORDERS = f"""
INSERT INTO quarantine_order (id, person_id, kind, state, day0_on, last_on, division, jurisdiction, dependants, ordered_at,
                              notified_at, in_place_at, observed_from)
SELECT {_ORDER_ID.format(n="g")}, gen_random_uuid(), 'HOME', 'IN_PLACE', d.day0, d.day0 + 14, left(j.place::text, 15), j.place,
       'NO', d.since, d.since, d.since, d.since
FROM generate_series(%(lo)s::bigint, %(hi)s::bigint) g
CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date - (g %% 14)::int AS day0,
                           date_bin('12 hours', now(), timestamptz '2020-01-01 00:00:00+08') AS since) d
CROSS JOIN LATERAL (SELECT g / {HOUSEHOLD} AS n) h
CROSS JOIN LATERAL (SELECT {_JURISDICTION} AS place) j
"""
_LINKS = f"""
INSERT INTO check_in_link (id, token_hash, orders, jurisdiction, issued_at, expires_at)
SELECT {_LINK_ID.format(n="h.n")}, sha256(convert_to('k_' || lpad(h.n::text, 43, '0'), 'UTF8')),
       ARRAY[{", ".join(_ORDER_ID.format(n=f"(h.n * {HOUSEHOLD} + {place})") for place in range(HOUSEHOLD))}],
       j.place, now(), now() + interval '40 days'
FROM generate_series(%(lo)s::bigint / {HOUSEHOLD}, (%(hi)s::bigint - 1) / {HOUSEHOLD}) h (n)
CROSS JOIN LATERAL (SELECT {_JURISDICTION} AS place) j
"""
_REPORTS = f"""
INSERT INTO check_in (id, order_id, on_day, half, celsius, symptoms, by, verdict, thresholds, occurred_at, received_at,
                      jurisdiction, link_id)
SELECT {_REPORT_ID.format(n="g")}, {_ORDER_ID.format(n="g")}, (now() AT TIME ZONE 'Asia/Shanghai')::date,
       CASE WHEN extract(hour FROM now() AT TIME ZONE 'Asia/Shanghai') < 12 THEN 'MORNING' ELSE 'EVENING' END, 36.5, '{{}}',
       'SELF', 'WELL', repeat('0', 64), now(), now(), j.place, {_LINK_ID.format(n=f"(g / {HOUSEHOLD})")}
FROM generate_series(%(lo)s::bigint, %(hi)s::bigint) g
CROSS JOIN LATERAL (SELECT g / {HOUSEHOLD} AS n) h
CROSS JOIN LATERAL (SELECT {_JURISDICTION} AS place) j
WHERE g %% 100 < {REPORTED}
"""
_HEAD = (
    "POST /api/v1/check-in HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer k_{token:043d}\r\n"
    "Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
)
_THERE = "SELECT count(*) FROM unnest(%s::uuid[]) told (id) JOIN check_in c ON c.id = told.id"


def enrol(tables: Tables, people: int, progress: Telling) -> None:
    """So many people, households whole; their indexes are made when all are there."""
    whole = people - people % HOUSEHOLD
    with tables.connect() as connection:
        indexes = connection.execute(_INDEXES).fetchall()
        for name, _ in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        step = SLICE - SLICE % HOUSEHOLD
        for lo in range(0, whole, step):
            span = {"lo": lo, "hi": min(lo + step, whole) - 1}
            for statement in (_ORDERS, _LINKS, _REPORTS):
                connection.execute(statement, span)
            progress.count(min(lo + step, whole), whole)
        for _, definition in indexes:
            connection.execute(definition)  # as PostgreSQL told it  # type: ignore[arg-type]
        connection.execute("VACUUM ANALYZE quarantine_order, check_in_link, check_in, check_in_thresholds")
    tables.checkpoint()


def requests(count: int, *, people: int, first: int = 0) -> list[Request]:
    """One check-in each, every one of another household from the `first` on, and round again where they run out."""
    at = datetime.now(UTC)
    millis, told = int(at.timestamp() * 1000), at.isoformat()
    households = max(1, people // HOUSEHOLD)
    made = []
    for number in range(first, first + count):
        id = new_id(millis)
        body = b'{"reports":[{"id":"%b","place":%d,"celsius":36.5,"symptoms":[],"at":"%b"}]}' % (
            id, 1 + number // households % HOUSEHOLD, told.encode()
        )  # fmt: skip
        head = _HEAD.format(token=number % households, length=len(body)).encode()
        made.append(Request(head + body, (UUID(id.decode()),), 0))
    return made


def lost(tables: Tables, acknowledged: Sequence[UUID]) -> int:
    """How many of these check-ins are not there."""
    with tables.connect() as connection:
        row = connection.execute(_THERE, [list(acknowledged)]).fetchone()
    return len(acknowledged) - (int(row[0]) if row else 0)
