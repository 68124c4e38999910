"""Turning back is proposed by rules and decided by a named officer: once, with a reason, and never against whoever lives here."""

import copy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, connections
from django.http import HttpResponse
from django.test import Client

from lianfang.checkpoints.models import Checkpoint, Correction, Registration, TurnBack
from lianfang.command.queries import session_reach
from lianfang.command.roles import ROLES
from lianfang.custody import clearing
from lianfang.custody.clearing import DayStep
from lianfang.doors.guard import SESSION_COOKIE
from lianfang.journeys.turning_back import HINDRANCES, decide_turn_back
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.reach import Reach, ReadsOnly, reach
from lianfang.kernel.refusals import Refusal
from lianfang.screening.form import TURN_BACK_UNLESS
from lianfang.screening.queries import book
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.doors.orders import OLDER, Orders
from tests.doors.test_hq_glass import breaks
from tests.factories import HAICHENG, Json

PAGE = "/desk/turn-backs"
SENTENCE = "本市暂不接待外来车辆，请等工作人员决定。"
TURNING = copy.deepcopy(OLDER)
TURNING["rows"].insert(
    0,
    {
        "row": "visitors",
        "when": [{"fact": "purpose", "op": "ONE_OF", "value": ["VISIT"]}],
        "unless": list(TURN_BACK_UNLESS),
        "then": {"kind": "TURN_BACK_PROPOSED"},
        "say": {"zh": SENTENCE, "en": "No visitors for now: an officer decides."},
    },
)
DECIDES = {"HEADQUARTERS", "COUNTY_DESK", "CHECKPOINT_LEAD"}


@pytest.fixture
def gate(city: City, orders: Orders) -> Iterator[City]:
    """Visitors are proposed to be turned back."""
    now = datetime.now(UTC)
    orders.put(TURNING, now - timedelta(days=2), now + timedelta(days=2))
    return city


def visit(gate: City, *, ago: timedelta = timedelta(minutes=5), people: int | list[Json] = 1, **changes: Any) -> Json:  # fmt: skip
    at = datetime.now(UTC) - ago
    changes = {"purpose": "VISIT", "plate": "辽C12345", "lane": "2", **changes}
    return gate.register(people=people, occurred_at=at.isoformat(), **changes)


def decide(
    client: Client, passage: Json, verdict: str = "TURNED_BACK", reason: str = "同意返回", person: int = 0
) -> HttpResponse:
    address = f"{PAGE}/{passage['people'][person]['id']}/decide"
    return client.post(address, {"verdict": verdict, "reason": reason})


def officer_at(client: Client) -> Reach:
    found = session_reach(client.cookies[SESSION_COOKIE].value)
    assert found is not None
    return found


def lead() -> Client:
    return at_desk(factories.officer("CHECKPOINT_LEAD", HAICHENG, name="卡口负责人李"))


def test_whoever_waits_is_listed_with_what_the_decision_needs_and_not_who_they_are(gate: City) -> None:
    passage = visit(gate)
    person = passage["people"][0]
    page = text(lead().get(PAGE))
    for word in ("辽C**45", "2 道", "5 分钟前", "建议劝返", SENTENCE, "GATE卡口"):
        assert word in page, word
    for secret in (
        "辽C12345",
        person["name"],
        person["document"]["number"],
        person["phone"],
        "/desk/passages/",
    ):
        assert secret not in page
    (entry,) = AuditEntry.objects.using("owner").filter(act="LIST_READ")
    assert (entry.details["page"], entry.count) == ("turn-backs", 1)


def test_the_desk_goes_on_to_the_file(gate: City) -> None:
    passage = visit(gate)
    assert f"/desk/passages/{passage['id']}#person-1" in text(gate.haicheng.get(PAGE))


def test_who_came_last_comes_first(gate: City) -> None:
    minutes = {"辽C11111": 10, "辽C22222": 90, "辽C33333": 2}
    for plate, ago in minutes.items():
        visit(gate, ago=timedelta(minutes=ago), plate=plate)
    page = text(gate.haicheng.get(PAGE))
    order = sorted(("11", "22", "33"), key=lambda end: page.index(f"辽C**{end}"))
    assert order == ["33", "11", "22"]


def earlier(gate: City, **changes: Any) -> Json:
    """Somebody nobody decided about, three days ago: as if registered then, by the owner past every guard."""
    passage = visit(gate, **changes)
    with connections["owner"].cursor() as cursor:
        for person in passage["people"]:
            cursor.execute(
                "UPDATE registration SET captured_on = captured_on - 3 WHERE id = %s", [person["id"]]
            )
    return passage


def test_who_drove_on_days_ago_is_folded_away_and_not_counted(gate: City) -> None:
    earlier(gate, plate="辽C11111")
    visit(gate, plate="辽C22222")
    page = text(lead().get(PAGE))
    waiting, _, rest = page.partition('data-testid="turn-backs-earlier"')
    assert "辽C**22" in waiting
    assert "辽C**11" not in waiting
    assert "辽C**11" in rest
    assert "昨天以前没有决定的，1 人" in rest
    assert "1 人等您决定" in text(gate.haicheng.get("/desk"))


def test_those_of_earlier_days_are_closed_together_by_name(gate: City) -> None:
    left, there = earlier(gate, people=2), visit(gate)
    client = lead()
    assert client.get(f"{PAGE}/close").status_code == 302
    assert not TurnBack.objects.using("owner").exists()
    assert client.post(f"{PAGE}/close").status_code == 302
    rows = TurnBack.objects.using("owner").all()
    assert {str(row.registration_id) for row in rows} == {person["id"] for person in left["people"]}
    assert {(row.verdict, row.reason, row.decided_by) for row in rows} == {
        ("LEFT", None, officer_at(client).officer_id)
    }
    (entry,) = AuditEntry.objects.using("owner").filter(act="TURN_BACK_DECIDED")
    assert (entry.count, entry.details["verdict"]) == (2, "LEFT")
    page = text(client.get(PAGE))
    assert 'data-testid="turn-backs-earlier"' not in page
    assert "已离开卡口" in page.partition("今天决定的")[2]
    assert decide(client, there).status_code == 302
    assert "记下已离开卡口，不能再改" in text(decide(gate.haicheng, left))
    client.post(f"{PAGE}/close")
    assert AuditEntry.objects.using("owner").filter(act="TURN_BACK_DECIDED").count() == 2, (
        "nothing, nothing noted"
    )


def test_the_next_county_and_broken_glass_close_nothing(gate: City) -> None:
    earlier(gate)
    gate.xiuyan.post(f"{PAGE}/close")
    breaks(gate.xiuyan)
    gate.xiuyan.post(f"{PAGE}/close")
    assert not TurnBack.objects.using("owner").exists()


def test_that_others_wait_is_told_while_the_page_is_open_and_nobody_is_read(gate: City) -> None:
    visit(gate)
    client = lead()
    page = text(client.get(PAGE))
    address = page.partition('data-ask="')[2].partition('"')[0].replace("&amp;", "&")
    assert "名单有变化" not in text(client.get(address))
    other = visit(gate)
    read = AuditEntry.objects.using("owner").count()
    assert "名单有变化，现在 2 人等您决定" in text(client.get(address))
    assert AuditEntry.objects.using("owner").count() == read
    decide(gate.haicheng, other)
    assert "名单有变化" not in text(client.get(address))
    assert "名单有变化" in text(gate.xiuyan.get(address)), "of another list"
    assert "现在 0 人" in text(gate.xiuyan.get(address))


@pytest.mark.parametrize("at", ["", "x", "2026-13-01", "2020-02-01T00:00:00+08:00", "2020-02-01"])
def test_a_page_that_is_open_for_too_long_asks_no_more(gate: City, at: str) -> None:
    """A desk that is left is signed out; a page that asks for ever would keep it open."""
    answer = text(gate.haicheng.get(f"{PAGE}/others?shown=x&at={at}"))
    assert "data-final" in answer


def test_nobody_is_turned_back_once_the_rules_do_not_propose_it_any_more(gate: City, orders: Orders) -> None:
    passage = visit(gate)
    now = datetime.now(UTC)
    with connections["owner"].cursor() as cursor:  # as if ended
        cursor.execute("UPDATE rule_period SET during = tstzrange(lower(during), %s)", [now])
    book(anew=True)
    page = text(gate.haicheng.get(PAGE))
    assert "现在生效的规则不再建议劝返这个人" in page
    assert 'value="TURNED_BACK"' not in page
    assert "现在生效的规则不再建议劝返这个人" in text(decide(gate.haicheng, passage))
    orders.put(OLDER, now, now + timedelta(days=2))  # others, which know no turning back
    book(anew=True)
    assert decide(gate.haicheng, passage).status_code == 400
    assert not TurnBack.objects.using("owner").exists()
    assert decide(gate.haicheng, passage, "ADMITTED").status_code == 302


def test_rules_that_go_on_proposing_it_bind_though_they_were_changed_elsewhere(
    gate: City, orders: Orders
) -> None:
    passage = visit(gate)
    now = datetime.now(UTC)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE rule_period SET during = tstzrange(lower(during), %s)", [now])
    orders.put({**TURNING, "source": "第 2 号"}, now, now + timedelta(days=2))
    book(anew=True)
    assert decide(gate.haicheng, passage).status_code == 302


@pytest.mark.parametrize(("verdict", "word"), [("TURNED_BACK", "劝返"), ("ADMITTED", "放行")])
def test_a_decision_is_written_down_and_shown_with_who_and_why(gate: City, verdict: str, word: str) -> None:
    passage = visit(gate)
    client = lead()
    assert decide(client, passage, verdict, "已核实，来电 13904160001").status_code == 302
    row = TurnBack.objects.using("owner").get()
    assert (str(row.registration_id), row.verdict) == (passage["people"][0]["id"], verdict)
    assert row.decided_by == officer_at(client).officer_id
    (entry,) = AuditEntry.objects.using("owner").filter(act="TURN_BACK_DECIDED")
    assert entry.subject == f"REGISTRATION {passage['people'][0]['id']}"
    assert entry.details == {"verdict": verdict}
    page = text(client.get(PAGE))
    assert "没有人在等" in page
    shown = page.partition("今天决定的")[2]
    assert word in shown
    assert "卡口负责人李" in shown
    assert "13904160001" not in shown
    file = text(gate.haicheng.get(f"/desk/passages/{passage['id']}"))
    part = file.partition('data-testid="turn-back-decided"')[2].partition("</p>")[0]
    assert word in part
    assert "卡口负责人李" in part
    assert "13904160001" not in part


def test_the_subject_is_told_what_was_decided(gate: City) -> None:
    passage = visit(gate)
    decide(gate.haicheng, passage, "ADMITTED", "来送物资")
    number = passage["people"][0]["document"]["number"]
    page = text(gate.haicheng.post("/desk/subjects", {"number": number}))
    assert "是否劝返" in page
    assert "来送物资" in page


def test_decided_is_decided_and_the_second_hears_by_whom(gate: City) -> None:
    passage = visit(gate)
    assert decide(lead(), passage, "ADMITTED").status_code == 302
    again = decide(gate.haicheng, passage)
    assert again.status_code == 400
    page = text(again)
    assert "卡口负责人李已于" in page
    assert "决定放行，不能再改" in page
    assert TurnBack.objects.using("owner").get().verdict == "ADMITTED"


def test_of_two_who_decide_at_once_one_does(gate: City) -> None:
    passage = visit(gate)
    person, officers = (
        UUID(passage["people"][0]["id"]),
        [officer_at(gate.haicheng), officer_at(gate.headquarters)],
    )

    def decides(by: Reach) -> str:
        try:
            decide_turn_back(
                by=by, at=datetime.now(UTC), registration=person, verdict="ADMITTED", reason="核实"
            )
            return "DONE"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as crowd:
        said = list(crowd.map(decides, officers * 3))
    assert sorted(said) == ["DONE", *["TURN_BACK_DECIDED"] * 5]
    assert AuditEntry.objects.using("owner").filter(act="TURN_BACK_DECIDED").count() == 1


PROTECTED = {
    "resident": {"resident": True},
    "celsius_tenths": {"temperatures": [{"celsius": 37.3, "state": "READ"}]},
    "symptoms": {"symptoms": ["COUGH"]},
}


@pytest.mark.parametrize("fact", PROTECTED)
def test_who_turns_out_to_live_here_or_to_be_ill_is_not_turned_back(gate: City, fact: str) -> None:
    """As corrected since: nobody proposed to turn them back who was known to be so."""
    passage = visit(gate)
    later = gate.generated.correction(passage["people"][0]["id"], PROTECTED[fact], occurred_at=datetime.now(UTC).isoformat())  # fmt: skip
    assert gate.intake.send(gate.generated.parcel(later))["receipts"][0]["status"] == "ACCEPTED"
    page = text(gate.haicheng.get(PAGE))
    assert HINDRANCES[fact].zh in page
    assert 'value="TURNED_BACK"' not in page
    answer = decide(gate.haicheng, passage)
    assert answer.status_code == 400
    assert HINDRANCES[fact].zh in text(answer)
    assert not TurnBack.objects.using("owner").exists()
    assert decide(gate.haicheng, passage, "ADMITTED").status_code == 302


@pytest.mark.parametrize("purpose", ["RESIDENT_RETURN", "MEDICAL", "EMERGENCY"])
def test_who_comes_home_or_for_care_is_not_turned_back(gate: City, purpose: str) -> None:
    passage = visit(gate)
    later = gate.generated.correction(passage["id"], {"purpose": purpose}, occurred_at=datetime.now(UTC).isoformat())  # fmt: skip
    gate.intake.send(gate.generated.parcel(later))
    answer = decide(gate.haicheng, passage)
    assert answer.status_code == 400
    assert "不能劝返，只能放行" in text(answer)
    assert not TurnBack.objects.using("owner").exists()


def test_everything_the_compiler_forbids_has_a_sentence() -> None:
    assert set(HINDRANCES) == {condition["fact"] for condition in TURN_BACK_UNLESS}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"verdict": "TURNED_BACK", "reason": ""}, "请写明决定的理由。"),
        ({"verdict": "TURNED_BACK", "reason": " \u200b\t"}, "请写明决定的理由。"),
        ({"verdict": "", "reason": "同意"}, "请选择怎么决定。"),
        ({"verdict": "SHOT", "reason": "同意"}, "SHOT"),
        ({"verdict": "TURNED_BACK", "reason": "同" * 201}, "200"),
    ],
)
def test_what_is_missing_is_said(gate: City, given: dict[str, str], sentence: str) -> None:
    passage = visit(gate)
    answer = gate.haicheng.post(f"{PAGE}/{passage['people'][0]['id']}/decide", given)
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert not TurnBack.objects.using("owner").exists()


def test_nobody_is_turned_back_whom_no_rule_proposed(gate: City) -> None:
    passage = gate.register(purpose="COMMUTE")
    assert decide(gate.haicheng, passage).status_code == 404
    assert not TurnBack.objects.using("owner").exists()


def test_only_one_of_the_party_is_decided_about(gate: City) -> None:
    party = [gate.generated.person(), gate.generated.person(symptoms=["COUGH"]), gate.generated.person()]
    passage = visit(gate, people=party)
    page = text(gate.haicheng.get(PAGE))
    assert ("第 1 人" in page, "第 2 人" in page, "第 3 人" in page) == (True, False, True)
    assert decide(gate.haicheng, passage, person=2).status_code == 302
    assert decide(gate.haicheng, passage, person=1).status_code == 404
    assert "第 1 人" in text(gate.haicheng.get(PAGE)).partition("今天决定的")[0]


def test_the_next_county_sees_and_decides_nothing(gate: City) -> None:
    passage = visit(gate)
    assert "没有人在等" in text(gate.xiuyan.get(PAGE))
    assert decide(gate.xiuyan, passage).status_code == 404
    by = officer_at(gate.xiuyan)
    with pytest.raises(DatabaseError), reach(by):
        TurnBack.objects.create(
            registration_id=passage["people"][0]["id"], verdict="ADMITTED", reason="x", decided_by=by.officer_id,
            decided_at=datetime.now(UTC), jurisdiction=Checkpoint.objects.get(pk="GATE").jurisdiction,
        )  # fmt: skip
    decide(gate.haicheng, passage)
    with reach(by):
        assert not TurnBack.objects.exists()


def test_through_broken_glass_one_looks_and_decides_nothing(gate: City) -> None:
    passage = visit(gate)
    breaks(gate.xiuyan)
    assert "没有人在等" in text(gate.xiuyan.get(PAGE))
    with pytest.raises(ReadsOnly):
        decide_turn_back(
            by=officer_at(gate.xiuyan),
            at=datetime.now(UTC),
            registration=UUID(passage["people"][0]["id"]),
            verdict="ADMITTED",
            reason="核实",
        )


def test_a_decision_is_never_changed_nor_taken_back(gate: City) -> None:
    passage = visit(gate)
    decide(gate.haicheng, passage)
    for act in (lambda rows: rows.update(verdict="ADMITTED"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), reach(officer_at(gate.haicheng)):
            act(TurnBack.objects.all())


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"WORKER"}))
def test_each_role_decides_or_is_told_that_it_may_not(gate: City, role: str) -> None:
    passage = visit(gate)
    client = at_desk(factories.officer(role, HAICHENG))
    assert client.get(PAGE).status_code == (200 if role in DECIDES else 403)
    assert decide(client, passage).status_code == (302 if role in DECIDES else 403)
    assert TurnBack.objects.using("owner").exists() == (role in DECIDES)


def test_whoever_is_signed_out_signs_in_first(gate: City) -> None:
    passage = visit(gate)
    assert decide(Client(), passage).status_code == 302
    assert not TurnBack.objects.using("owner").exists()


def test_my_work_and_the_leads_page_say_how_many_wait(gate: City) -> None:
    assert "没有人在等" in text(gate.haicheng.get("/desk"))
    visit(gate, people=2)
    assert "2 人等您决定" in text(gate.haicheng.get("/desk"))
    assert "2 人等您决定是否劝返" in text(lead().get("/desk/checkpoints"))
    assert "人等您决定" not in text(gate.township.get("/desk"))
    assert "2 人等您决定" not in text(gate.xiuyan.get("/desk"))


def test_three_rows_ask_as_often_as_one(gate: City, django_assert_max_num_queries: Any) -> None:
    asked = []
    for more in (1, 2):
        for _ in range(more):
            visit(gate)
            decide(gate.haicheng, visit(gate))
        gate.haicheng.get(PAGE)
        with django_assert_max_num_queries(100) as counted:
            gate.haicheng.get(PAGE)
        asked.append(len(counted))
    assert asked[0] == asked[1]


def test_the_few_are_found_by_their_index(gate: City) -> None:
    visit(gate)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT r.* FROM registration r WHERE r.measures && '{TURN_BACK_PROPOSED}'::text[] AND r.sealed IS NOT NULL"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    assert "captured_on_idx" in plan or "turn_back" in plan


class TestPurge:
    def test_the_reason_goes_with_the_record_and_the_decision_remains(self, gate: City) -> None:
        passage = visit(gate)
        decide(gate.haicheng, passage)
        day = Registration.objects.using("owner").get().captured_on
        assert clearing.count([DayStep(day, whole=False)])[0]["turn_back"] == 1
        assert clearing.clear([DayStep(day, whole=False)])["turn_back"] == 1
        row = TurnBack.objects.using("owner").get()
        assert (row.reason, row.verdict) == (None, "TURNED_BACK")
        assert "TURNED_BACK" not in text(gate.haicheng.get(PAGE))

    def test_it_goes_with_the_records_of_a_subject_too(self, gate: City) -> None:
        passage = visit(gate)
        decide(gate.haicheng, passage)
        named = [passage["people"][0]["id"]]
        assert clearing.count_named(named)["turn_back"] == 1
        assert clearing.clear_named(named)["turn_back"] == 1
        assert TurnBack.objects.using("owner").get().reason is None

    def test_who_was_cleared_waits_no_more(self, gate: City) -> None:
        visit(gate)
        day = Registration.objects.using("owner").get().captured_on
        clearing.clear([DayStep(day, whole=False)])
        assert "没有人在等" in text(gate.haicheng.get(PAGE))


def test_no_decision_changes_what_was_decided_by_the_rules(gate: City) -> None:
    passage = visit(gate)
    before = list(Registration.objects.using("owner").values("measures", "rule_rows", "rule_set", "receipt"))
    decide(gate.haicheng, passage)
    assert list(Registration.objects.using("owner").values("measures", "rule_rows", "rule_set", "receipt")) == before  # fmt: skip
    assert not Correction.objects.using("owner").exists()
