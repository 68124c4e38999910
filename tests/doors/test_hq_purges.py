"""Purges and retention at the desk: who sees which button, two people, the typed name, the certificate, the public page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.custody.models import Purge, RetentionRule
from lianfang.custody.purging import carry_out_signed, propose_due
from lianfang.kernel.key_folder import key_folder
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Database
from tests import factories
from tests.doors.desk import at_desk, make_places, text
from tests.factories import ANSHAN, HAICHENG, Generated, Intake

AGO = timedelta(days=29, hours=1)


@dataclass
class Desks:
    intake: Intake
    now: datetime
    headquarters: Client
    security: Client
    auditor: Client
    county: Client

    def register_old(self, seed: int = 1) -> str:
        """A passage whose time is over; its id."""
        made = Generated(seed, at=self.now - AGO)
        passage = made.passage()
        Intake(self.intake.database, self.intake.device, received_at=made.at).send(made.parcel(passage))
        return str(passage["id"])

    def propose(self, **changes: str) -> int:
        said = {"kind": "RETENTION", "reason": "保存期限已到", **changes}
        return self.headquarters.post("/desk/purges/propose", said).status_code


@pytest.fixture
def desks(clean: Database, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, now: datetime) -> Iterator[Desks]:  # fmt: skip
    monkeypatch.setattr(settings, "DATA", DataFolder.open(tmp_path_factory.mktemp("city")))
    key_folder.cache_clear()
    factories.checkpoint("GATE")
    make_places()
    yield Desks(
        Intake(clean, factories.device("GATE")),
        now,
        headquarters=at_desk(factories.officer("HEADQUARTERS", ANSHAN, name="王值班")),
        security=at_desk(factories.officer("SECURITY_ADMINISTRATOR", ANSHAN, name="李安全")),
        auditor=at_desk(factories.officer("AUDITOR", ANSHAN)),
        county=at_desk(factories.officer("COUNTY_DESK", HAICHENG)),
    )
    key_folder.cache_clear()


def test_from_what_is_over_to_the_certificate(desks: Desks) -> None:
    passage = desks.register_old()
    assert "没有措施的登记" in text(desks.headquarters.get("/desk/purges"))
    assert desks.propose() == 302
    purge = Purge.objects.get()
    assert "确认签署" not in text(desks.headquarters.get("/desk/purges"))
    assert "确认签署" in text(desks.security.get("/desk/purges"))
    assert "提出销毁" not in text(desks.security.get("/desk/purges"))
    assert desks.security.post(f"/desk/purges/{purge.id}/sign").status_code == 302
    assert "正在销毁" in text(desks.security.get(f"/desk/purges/{purge.id}"))
    carry_out_signed(at=desks.now)
    for client in (desks.headquarters, desks.security, desks.auditor):
        page = text(client.get(f"/desk/purges/{purge.id}"))
        assert "个人信息销毁证书" in page
        assert "王值班" in page
        assert "李安全" in page
        assert Purge.objects.get().certificate["hash"] in page
    assert "已按期销毁" in text(desks.headquarters.get(f"/desk/passages/{passage}"))
    assert "没有到期的记录" in text(desks.headquarters.get("/desk/purges"))


def test_each_sees_the_buttons_of_his_right_and_the_county_none(desks: Desks) -> None:
    desks.register_old()
    desks.propose()
    purge = Purge.objects.get()
    page = text(desks.auditor.get("/desk/purges"))
    assert "待签署" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    assert desks.county.get("/desk/purges").status_code == 403
    assert desks.headquarters.post(f"/desk/purges/{purge.id}/sign").status_code == 403
    assert desks.auditor.post(f"/desk/purges/{purge.id}/refuse").status_code == 403
    assert (
        desks.security.post("/desk/purges/propose", {"kind": "RETENTION", "reason": "x"}).status_code == 403
    )
    assert Client().get("/desk/purges").status_code == 302
    assert desks.security.post(f"/desk/purges/{purge.id}/refuse").status_code == 302
    assert desks.security.post(f"/desk/purges/{purge.id}/sign").status_code == 409


def test_the_nights_proposal_waits_for_headquarters_and_is_shown_as_overdue(desks: Desks) -> None:
    desks.register_old()
    purge = propose_due(at=desks.now - timedelta(days=2, hours=1))
    assert purge is None  # it was not over yet then
    purge = propose_due(at=desks.now)
    assert purge is not None
    Purge.objects.update(proposed_at=desks.now - timedelta(days=2, hours=1))
    for client in (desks.headquarters, desks.security):
        page = text(client.get("/desk/purges"))
        assert "已超过两天" in page
        assert "系统拟定" in page
        assert "确认签署" not in page
    assert desks.propose() == 302
    assert Purge.objects.get().id == purge.id
    assert "已超过两天" not in text(desks.security.get("/desk/purges"))


@pytest.mark.parametrize("typed", ["", "鞍山", "海城市"])
def test_the_end_of_the_emergency_asks_for_the_name_typed_by_both(desks: Desks, typed: str) -> None:
    assert desks.propose(kind="EVERYTHING", city=typed) == 400
    assert not Purge.objects.exists()
    assert desks.propose(kind="EVERYTHING", city="鞍山市") == 302
    address = f"/desk/purges/{Purge.objects.get().id}/sign"
    assert desks.security.post(address, {"city": typed}).status_code == 400
    assert Purge.objects.get().signed_at is None
    assert desks.security.post(address, {"city": "鞍山市"}).status_code == 302


def test_a_purge_without_a_reason_or_without_anything_due_is_not_proposed(desks: Desks) -> None:
    assert desks.propose() == 400
    desks.register_old()
    assert desks.propose(reason=" ") == 400
    assert desks.propose(kind="SUBJECT") == 400
    assert not Purge.objects.exists()


def test_a_period_is_set_within_its_bounds_and_published(desks: Desks) -> None:
    assert desks.headquarters.get("/desk/retention").status_code == 403
    page = text(desks.security.get("/desk/retention"))
    assert "1–90" in page
    for days, status in (("0", 400), ("91", 400), ("30", 302)):
        said = {"code": "passing", "days": days, "reason": "市政府文件"}
        assert desks.security.post("/desk/retention", said).status_code == status
    assert RetentionRule.objects.get().days == 30
    assert "李安全" in text(desks.security.get("/desk/retention"))
    assert "登记之日起 30 天" in text(Client().get("/privacy"))
    said = {"code": "audit", "days": "100", "reason": "少存一点"}
    assert "183" in text(desks.security.post("/desk/retention", said))
    told = Client().get("/api/v1/declaring/GATE").json()["notice"]["retention"]
    assert "登记之日起 30 天" in [one["until"]["zh"] for one in told]
    assert "30 days from registration" in [one["until"]["en"] for one in told]


def test_three_purges_cost_as_many_questions_as_one(desks: Desks) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            assert desks.security.get("/desk/purges").status_code == 200
        return len(questions)

    desks.register_old()
    propose_due(at=desks.now)
    one = asked()
    for _ in range(2):
        desks.propose()
        purge = Purge.objects.exclude(refused_at__isnull=False).get()
        desks.security.post(f"/desk/purges/{purge.id}/refuse")
    propose_due(at=desks.now)
    assert Purge.objects.count() == 3
    assert asked() == one
