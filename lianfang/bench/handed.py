"""Run as a program of its own, on the bench's data folder: Jinzhou with everybody screened and handed over.

    python -m lianfang.bench.handed PEOPLE HUBEI BACK      the last line is one object of JSON

The demo's own city through the intake and the reader. Where all are from Hubei nobody answers at fifty thousand doors one by
one: SQL does, as many in each state as the demo's lots bring.
"""

import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import django
import psycopg

if TYPE_CHECKING:
    from lianfang.demo.screened import Screened

OFFICERS = {"city": ("HEADQUARTERS", "210700"), "county": ("COUNTY_DESK", "210781"), "township": ("TOWNSHIP_DESK", "210781102")}  # fmt: skip
# Each as long ago as he was registered, by the clock of whoever must not wait.
_AS_OLD_AS_THEY_ARE = """
UPDATE referral SET sent_at = at, due_at = at + interval '2 hours', county_due_at = at + interval '4 hours',
    city_due_at = at + interval '6 hours'
FROM (SELECT id, least(registered_at + interval '10 minutes', sent_at) AS at FROM referral) r WHERE r.id = referral.id
"""
_ANSWERED = """
UPDATE referral SET state = drawn, accepted_at = CASE WHEN drawn <> 'SENT' THEN sent_at + interval '70 minutes' END,
    settled_at = CASE WHEN drawn = 'ARRIVED' THEN sent_at + interval '5 hours' END
FROM (SELECT id, CASE WHEN lot < 0.90 THEN 'ARRIVED' WHEN lot < 0.94 THEN 'ACCEPTED' WHEN lot < 0.955 THEN 'NOT_HERE'
                      WHEN lot < 0.97 THEN 'WRONG_ADDRESS' ELSE 'SENT' END AS drawn
      FROM (SELECT id, random() AS lot FROM referral WHERE NOT outside) l) d
WHERE d.id = referral.id
"""
_TIDY = (
    "VACUUM (ANALYZE) passage, registration, referral, referral_event, waiting_fact, person, person_call, household, \
stay_in_household, responsible_person, grid_staff, region, cell, settled_cell, audit_entry"
)
_STANDING = """
SELECT (SELECT count(*) FROM registration), (SELECT count(*) FROM referral WHERE previous_id IS NULL),
       (SELECT count(*) FROM referral WHERE state IN ('SENT', 'ACCEPTED', 'NOT_HERE', 'WRONG_ADDRESS', 'OUTSIDE')),
       (SELECT count(*) FROM referral_event), (SELECT count(*) FROM person),
       (SELECT count(*) FROM region WHERE level = 'GRID' AND valid_to IS NULL)
"""
_NAMES = ("screened", "referrals", "open", "events", "files", "grids")


def figures(screened: "Screened") -> dict[str, Any]:
    """What stands, what handing over took, and who may ask."""
    from lianfang.demo.city import sign_ins  # noqa: PLC0415 -- after Django is set up
    from lianfang.demo.jinzhou import OFFICERS as OF_THE_CITY  # noqa: PLC0415
    from lianfang.regions.services import load_all  # noqa: PLC0415

    at = datetime.now(UTC)
    load_all(at=at)
    sign_ins(at=at, officers=OF_THE_CITY)
    crowd = screened.handed_over == screened.people
    took = _built(at, screened, crowd)
    with _owner() as owner:
        if crowd:
            owner.execute(_AS_OLD_AS_THEY_ARE)
            owner.execute(_ANSWERED)
        owner.execute(_TIDY)
        standing = dict(zip(_NAMES, owner.execute(_STANDING).fetchone() or (), strict=True))
        village, referral = owner.execute(_SOMEBODY).fetchone() or ("", "")
    return {
        **standing, **took, "sessions": _sessions(at), "village": village, "referral": str(referral), "phone": _phone(referral),
        "wanted": screened.handed_over,
    }  # fmt: skip


# A village with doors, and somebody of the town whose desk asks; of few people it may be that nobody went there.
_SOMEBODY = """
SELECT (SELECT division FROM household GROUP BY division ORDER BY count(*) DESC, 1 LIMIT 1),
       (SELECT id FROM referral WHERE person_id IS NOT NULL
        ORDER BY jurisdiction NOT BETWEEN 210781102000000000 AND 210781102999999999, id LIMIT 1)
"""


def _phone(referral: str) -> str:
    """His, by which his file is searched for."""
    from lianfang.command.services import worker_session  # noqa: PLC0415 -- after Django is set up
    from lianfang.kernel.reach import reach  # noqa: PLC0415
    from lianfang.people.models import Person  # noqa: PLC0415
    from lianfang.people.opening import open_person  # noqa: PLC0415
    from lianfang.referrals.models import Referral  # noqa: PLC0415

    with reach(worker_session()):
        person = Person.objects.get(
            pk=Referral.objects.exclude(person_id=None).get(pk=referral).person_id or ""
        )
    return open_person(person).facts.phone or "15400000000"


def _built(at: datetime, screened: "Screened", crowd: bool) -> dict[str, Any]:
    """Of the crowd what handing over takes is measured: everybody is there, nobody has been read yet."""
    from lianfang.command.services import worker_session  # noqa: PLC0415 -- after Django is set up
    from lianfang.demo.jinzhou import build_jinzhou  # noqa: PLC0415
    from lianfang.journeys.referring import refer_all  # noqa: PLC0415

    begun = time.monotonic()
    build_jinzhou(at, Lines(), screened=screened, answered=not crowd)
    loading, begun, cpu = time.monotonic() - begun, time.monotonic(), time.process_time()
    if not crowd:
        return {"loading_s": round(loading)}
    refer_all(worker_session(), at=at)
    took, cpu = time.monotonic() - begun, time.process_time() - cpu
    return {
        "loading_s": round(loading), "referring_s": round(took, 1),
        "referring_us": round(took / max(1, screened.handed_over) * 1e6),
        "referring_cpu_us": round(cpu / max(1, screened.handed_over) * 1e6),
    }  # fmt: skip


class Lines:
    """Progress as the bench reads it."""

    def step(self, zh: str, en: str) -> None:
        """Steps are the bench's own to tell."""

    def count(self, done: int, total: int) -> None:
        print(done, total, flush=True)


def _owner() -> "psycopg.Connection[Any]":
    from django.conf import settings  # noqa: PLC0415 -- after Django is set up

    from lianfang.machine.postgres import Database  # noqa: PLC0415

    place = Database.read(settings.DATA)
    if place is None:
        raise LookupError("there is no database")
    return psycopg.connect(**place.parameters("owner"), autocommit=True)


def _sessions(at: datetime) -> dict[str, str]:
    """Somebody signed in at a desk of the city, of a county and of a town."""
    from lianfang.command.services import appoint, open_session, post  # noqa: PLC0415 -- after Django is set up

    day, found = timedelta(hours=12), {}
    for name, (role, division) in OFFICERS.items():
        officer = appoint(sign_in_name=f"bench-{name}", name=name, password=f"bench {random.random()}", at=at)
        post(officer=officer, role=role, division=division, at=at - timedelta(minutes=1))
        found[name] = open_session(officer_id=officer.id, kind="DESK", lasts=day, idle=day)
    return found


if __name__ == "__main__":
    django.setup()
    from lianfang.demo.screened import Screened

    print(json.dumps(figures(Screened(*map(int, sys.argv[1:4])))))
