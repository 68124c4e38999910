"""The doors of a grid on its worker's phone: who is called on, in walking order, in full but for documents; nobody else's."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.doors.roster_shapes import GridDoorsShown
from lianfang.doors.site import SHOWN_IN_THE_CLEAR
from lianfang.journeys.referring import refer_all
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import day_of
from lianfang.kernel.key_folder import key_folder
from lianfang.people.services import join
from lianfang.referrals import on_the_grid
from lianfang.referrals.models import Referral
from tests.doors.doorstep import Doorstep, answer, enrolled, handed, post, step
from tests.doors.handed import OTHER_VILLAGE, VILLAGE

__all__ = ["handed", "step"]
DAY = timedelta(days=1)


def people(shown: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for door in shown["doors"] for one in door["people"]]


class TestWhoIsShown:
    def test_everything_a_worker_needs_at_the_door_and_no_document(self, step: Doorstep) -> None:
        (one,) = step.over(name="沈平安", phone="13900001234")
        response = step.doors()
        shown = msgspec.json.decode(response.content, type=GridDoorsShown)
        (door,) = shown.doors
        (him,) = door.people
        assert (door.household, door.code, door.address) == (None, None, "东区3号楼2单元")
        assert (him.referral, him.name, him.phone, him.address) == (
            one.id,
            "沈平安",
            "13900001234",
            "东区3号楼2单元",
        )
        assert (him.state, him.urgent, him.late, him.party) == ("SENT", True, False, 1)
        assert (him.checkpoint, him.from_, him.guardian, him.answered) == (
            "GATE卡口",
            "湖北省武汉市",
            None,
            None,
        )
        assert him.measures[0].kind == "QUARANTINE"
        assert "隔离医学观察" in him.measures[0].say.zh
        assert shown.division.code == VILLAGE
        pair = key_folder().outbox(day_of(datetime.now(UTC)))
        assert (shown.outbox_key.id, shown.outbox_key.public) == (pair.id, pair.public)
        assert "no-store" in response["Cache-Control"]
        passage = step.handed.city
        assert "210" not in response.content.decode().replace(VILLAGE, "").replace("2101", "") or passage

    def test_doors_stand_in_walking_order_and_unknown_ones_after_them_by_address(
        self, step: Doorstep
    ) -> None:
        far, near = step.over(name="远处", phone=None)[0], step.over(name="近处", phone=None)[0]
        step.at("西区12号", 2)
        step.at("西区3号")
        first, second = step.home(2)
        for home, one in ((second, far), (first, near)):
            join(
                by=step.keeper,
                at=datetime.now(UTC),
                person=one.person_id,
                household=home.id,
                relation="TENANT",
            )
        doors = step.shown()["doors"]
        assert [door["address"] for door in doors] == [
            "丰台路1号3单元201",
            "丰台路2号3单元201",
            "西区3号",
            "西区12号",
        ]
        assert [door["code"] for door in doors] == [first.code, second.code, None, None]
        assert [len(door["people"]) for door in doors] == [1, 1, 1, 2]
        assert {one["party"] for one in doors[3]["people"]} == {2}

    def test_a_child_is_shown_with_whoever_came_with_it_even_if_he_is_not_handed_over(
        self, step: Doorstep
    ) -> None:
        made = step.handed.city.generated
        guardian = made.person(name="沈护送", destination={"code": OTHER_VILLAGE, "address": "1号"})
        child = made.person(
            name="沈小宝",
            from_code="420100",
            guardian_id=guardian["id"],
            destination={"code": VILLAGE, "address": "2号"},
        )
        other = made.person(name="同车人", destination={"code": OTHER_VILLAGE, "address": "1号"})
        step.handed.city.register(people=[guardian, child, other])
        refer_all(step.handed.worker)
        response = step.doors()
        (him,) = people(response.json())
        assert (him["name"], him["guardian"], him["party"]) == ("沈小宝", "沈护送", 1)
        assert "同车人" not in response.content.decode()

    def test_a_corrected_record_counts(self, step: Doorstep) -> None:
        passage = step.handed.city.register(
            people=[
                step.handed.city.generated.person(
                    from_code="420100", destination={"code": VILLAGE, "address": "2号"}
                )
            ]
        )
        refer_all(step.handed.worker)
        made = step.handed.city.generated
        correction = made.correction(passage["people"][0]["id"], {"from_code": "210103"})
        step.handed.city.intake.send(made.parcel(correction))
        assert people(step.shown())[0]["from"] == "辽宁省沈阳市沈河区"

    def test_open_ones_and_the_arrived_of_two_weeks_but_nobody_who_is_gone(self, step: Doorstep) -> None:
        waiting, arrived, before, gone, withdrawn = step.over(5)
        step.send(
            *(answer(one) for one in (arrived, before)), answer(gone, "MOVED_ON", destination=OTHER_VILLAGE)
        )
        rows = Referral.objects.using("owner")
        rows.filter(pk=before.id).update(settled_at=datetime.now(UTC) - 15 * DAY)
        rows.filter(pk=withdrawn.id).update(state="WITHDRAWN")
        found = {one["referral"]: one for one in people(step.shown())}
        assert set(found) == {str(waiting.id), str(arrived.id)}
        assert found[str(arrived.id)]["answered"]["kind"] == "ARRIVED"
        assert "answered" not in found[str(waiting.id)]

    def test_of_too_many_the_open_ones_come_first_and_it_says_that_there_are_more(
        self, step: Doorstep, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(on_the_grid, "MOST", 2)
        first, second, third = step.over(3)
        assert (len(people(step.shown())), step.shown()["more"]) == (2, True)
        step.send(answer(first))
        shown = step.shown()
        assert ({one["referral"] for one in people(shown)}, shown["more"]) == (
            {str(second.id), str(third.id)},
            True,
        )

    def test_whoever_is_late_is_marked(self, step: Doorstep) -> None:
        (one,) = step.over(at=datetime.now(UTC) - 3 * DAY)
        assert people(step.shown())[0]["late"] is True
        step.send(answer(one, "ACCEPTED"))
        assert people(step.shown())[0]["late"] is False

    @pytest.mark.parametrize(
        "address",
        ["", None, "²号", "１２号", "3²3", "\u202e1号", "a\x07b\x1b[31m", "9" * 100, "<b>{{x}}</b>"],
    )
    def test_odd_addresses_and_names_are_no_trouble(self, step: Doorstep, address: str | None) -> None:
        step.at(address, name="沈\x07平\x1b安")
        step.at("3号", name=None, phone=None, document=None)
        response = step.doors()
        assert response.status_code == 200
        assert not any(ord(mark) < 32 for mark in json.dumps(response.json(), ensure_ascii=False))

    def test_what_was_destroyed_leaves_its_plain_facts(
        self, step: Doorstep, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (one,) = step.over()
        for kind in ("existing_day", "existing_files"):
            monkeypatch.setattr(f"lianfang.kernel.key_folder.KeyFolder.{kind}", lambda *_: None)
        (him,) = people(step.shown())
        assert (him["referral"], him["name"], him["phone"], him["address"]) == (str(one.id), "", "", "")

    def test_three_cost_as_many_questions_as_one(self, step: Doorstep) -> None:
        counts = []
        for _ in range(3):
            (one,) = step.over()
            step.home(people=[one.person_id])
            step.send(answer(one, "ACCEPTED"))
            with CaptureQueriesContext(connection) as asked:
                assert len(people(step.shown())) == len(counts) + 1
            counts.append(len(asked))
        assert len(set(counts)) == 1, counts

    def test_it_is_written_into_the_audit_log_with_the_count(self, step: Doorstep) -> None:
        step.over(2)
        step.shown()
        entry = AuditEntry.objects.using("owner").filter(act="ROSTER_READ").latest("number")
        assert (entry.subject, entry.count, entry.jurisdiction) == (
            f"ROSTER {step.phone.id}",
            2,
            step.phone.lo,
        )


class TestWhoIsRefused:
    def test_the_neighbour_and_the_next_county_see_nobody(self, step: Doorstep) -> None:
        step.over()
        for grid in (OTHER_VILLAGE, "210323101201", f"{VILLAGE}001"):
            token, _ = enrolled(step.keeper.officer_id, grid)
            assert step.doors(token).json()["doors"] == []

    def test_wrong_pins_lock_it(self, step: Doorstep) -> None:
        answers = [step.doors(pin="9631").json()["error"]["code"] for _ in range(5)]
        assert answers == ["PIN_WRONG"] * 4 + ["ROSTER_LOCKED"]
        assert step.households().json()["error"]["code"] == "ROSTER_LOCKED"
        response = post("/api/v1/roster/answers", {"answers": []}, step.token)
        assert response.json()["error"]["code"] == "ROSTER_LOCKED"

    def test_guessed_tokens_are_soon_not_compared_any_more(self, step: Doorstep) -> None:
        asked = [step.doors(f"roster_{n}").status_code for n in range(6)]
        asked += [step.households(f"roster_{n}").status_code for n in range(6)]
        assert asked == [401] * 10 + [429] * 2
        assert step.doors().status_code == 429

    @pytest.mark.parametrize("where", ["doors", "households"])
    @pytest.mark.parametrize("body", ["", "[]", "null", "{", '{"pin": 2580}', '{"pin": null}', "{}", b"\xff"])
    def test_what_is_no_question_is_refused_in_words(self, step: Doorstep, where: str, body: Any) -> None:
        assert post(f"/api/v1/roster/{where}", body, step.token).status_code == 400

    @pytest.mark.parametrize("where", ["doors", "households", "answers"])
    def test_it_is_asked_with_post_only_and_never_shown_in_the_clear(self, where: str) -> None:
        address = f"/api/v1/roster/{where}"
        assert not address.startswith(SHOWN_IN_THE_CLEAR)
        for method in ("get", "put", "delete", "patch"):
            assert getattr(Client(), method)(address).status_code == 405
