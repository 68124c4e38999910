"""Somebody answers for every node of the demo's two cities, but for the few that are meant to be vacant."""

from datetime import datetime, timedelta

from django.db.models import Count

from lianfang.command.models import GridStaff, Overlay, ResponsiblePerson
from lianfang.command.queries.responsibility import answering_for, coverage, vacancies
from lianfang.demo.responsibility import answer_for_everything
from lianfang.machine.postgres import Database
from lianfang.regions.models import Region
from lianfang.regions.services import generate_grids, load_all
from tests import factories

AT = datetime.fromisoformat("2020-02-13T18:00+08:00")


def test_two_cities_have_somebody_for_every_node_and_the_sources_figures(clean: Database) -> None:
    load_all(at=AT)
    generate_grids(city_code="210700", count=5_478, at=AT - timedelta(days=30))
    answer_for_everything(at=AT)
    first = ResponsiblePerson.objects.count()
    answer_for_everything(at=AT)  # again: nothing changes
    assert ResponsiblePerson.objects.count() == first
    assert dict(Overlay.objects.values_list("kind").annotate(Count("id"))) == {
        "PARTY_AREA": 960,
        "VANGUARD_POST": 997,
    }
    assert set(Overlay.objects.values_list("lo", flat=True)) <= set(
        Region.objects.filter(code__startswith="210381", level="VILLAGE").values_list("lo", flat=True)
    )
    assert GridStaff.objects.count() == GridStaff.objects.filter(division__startswith="210781").count() == 435
    for city, least in (("210300", 1_170), ("210700", 6_500)):
        found = coverage(city, AT)
        assert least < found.acknowledged < found.leaves
        told = vacancies(factories.officer("HEADQUARTERS", city), city, AT)
        assert 3 <= told.total <= 60
        assert 1 <= told.red < told.total
        before = vacancies(factories.officer("HEADQUARTERS", city), city, AT - timedelta(days=8))
        assert before.total == 0
    grids = list(Region.objects.filter(level="GRID").values_list("code", flat=True))
    assert len(grids) == 5_478
    assert set(answering_for(grids, at=AT)) == set(grids)
