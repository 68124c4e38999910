"""Jinzhou at the source's figures: exactly so many screened, from Hubei and handed over, each with a state that fits its age."""

from argparse import Namespace
from collections import Counter
from datetime import UTC, datetime, timedelta

from lianfang.checkpoints.models import Checkpoint, Registration
from lianfang.checkpoints.queries.city import city_code
from lianfang.command.queries import is_over_everybody
from lianfang.command.queries.responsibility import answering_for
from lianfang.command.services import worker_session
from lianfang.console.serving.furnishing import furnish
from lianfang.demo.city import counted, sign_ins
from lianfang.demo.jinzhou import GATES, OFFICERS, build_jinzhou, handed_over, is_jinzhou
from lianfang.demo.screened import Screened
from lianfang.kernel.reach import reach
from lianfang.machine.postgres import Database
from lianfang.machine.progress import Silent
from lianfang.people.models import Person
from lianfang.referrals.models import Referral, ReferralEvent, WaitingFact
from lianfang.regions.models import Region
from lianfang.regions.services import load_all
from lianfang.screening.models import RulePeriod
from tests import factories

AT = datetime.fromisoformat("2020-02-14T18:00+08:00")
SMALL = Screened(people=900, hubei=260, back=20)


def test_the_source_s_figures_are_the_ones_that_are_built_by_default() -> None:
    assert (Screened().people, Screened().hubei, Screened().handed_over) == (54_000, 3_000, 2_800)


def test_exactly_so_many_are_screened_and_handed_over(clean: Database, scenario: None) -> None:
    RulePeriod.objects.all().delete()  # a city lays its own
    load_all(at=AT)
    assert not is_jinzhou()
    sign_ins(at=datetime.now(UTC), officers=OFFICERS)
    receipts = build_jinzhou(AT, Silent(), screened=SMALL)
    assert is_jinzhou()
    assert (receipts.set_aside, receipts.conflicts, receipts.duplicates) == (0, 0, 0)
    assert counted()["people"] == SMALL.people
    assert handed_over() == SMALL.handed_over
    assert Region.objects.filter(level="GRID").count() == 5_478
    worker = worker_session()
    with reach(worker):
        assert city_code(worker) == "210700"
        arrived = list(Registration.objects.values_list("from_code", "resident", "captured_on"))
        referrals = list(Referral.objects.all())
        assert Person.objects.filter(id__in={one.person_id for one in referrals}).count() == SMALL.handed_over
        fevers = sum("FEVER_CLINIC" in one.measures and one.previous_id is None for one in referrals)
        assert WaitingFact.objects.count() == fevers
        kinds = Counter(ReferralEvent.objects.values_list("kind", flat=True))
    assert sum(code[:2] == "42" for code, _, _ in arrived) == SMALL.hubei
    assert sum(bool(resident) for _, resident, _ in arrived) == SMALL.back
    assert {on for _, _, on in arrived} == {AT.date() - timedelta(days=n) for n in range(14)}
    states = Counter(one.state for one in referrals)
    assert states["ARRIVED"] > SMALL.handed_over * 0.7
    assert {"ACCEPTED", "SENT", "NOT_HERE", "WRONG_ADDRESS", "OUTSIDE", "MOVED_ON"} <= set(states)
    assert states["MOVED_ON"] == kinds["MOVED_ON"] == sum(one.previous_id is not None for one in referrals)
    assert any(one.state == "SENT" and one.due_at < AT for one in referrals)
    assert all(one.accepted_at <= AT for one in referrals if one.accepted_at)
    assert all("QUARANTINE" in one.measures for one in referrals)
    furnish(
        Namespace(demo=True, clock=None, empty=False), Silent()
    )  # what `serve --demo` does with this folder
    assert set(Checkpoint.objects.values_list("code", flat=True)) == {gate.code for gate in GATES}
    assert (counted()["people"], handed_over()) == (SMALL.people, SMALL.handed_over)
    inside = {one.destination for one in referrals if one.destination and not one.outside}
    assert set(answering_for(inside, at=AT)) == inside


def test_two_officers_over_the_whole_city_keep_its_rules(clean: Database) -> None:
    """One installation, one city: nobody of the other demo city is posted here, so these two are over everybody."""
    load_all(at=AT)
    sign_ins(at=datetime.now(UTC), officers=OFFICERS)
    assert is_over_everybody(factories.officer("HEADQUARTERS", "210700"))
    assert not is_over_everybody(factories.officer("HEADQUARTERS", "210300"))
