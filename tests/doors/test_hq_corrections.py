"""Every field can be corrected with a reason, by whoever may, within reach; the record itself stays."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from lianfang.checkpoints.intake.corrections import PASSAGE_FIELDS, PERSON_FIELDS
from lianfang.checkpoints.models import Correction
from lianfang.checkpoints.opening import open_correction
from lianfang.command.queries import session_reach
from lianfang.doors.guard import SESSION_COOKIE
from lianfang.doors.hq.mending.passage import OF_PASSAGE
from lianfang.doors.hq.mending.person import OF_PERSON
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from tests import factories
from tests.doors.desk import City, text

# What machines write, and what nobody but the phone at the barrier can know.
NOT_AT_THE_DESK = {"officer", "crew", "source", "form", "seq", "declaration_id", "shown"}

PASSAGE_VALUES: dict[str, tuple[dict[str, Any], Any]] = {
    "plate": ({"new": "辽C99999"}, "辽C99999"),
    "vehicle_note": ({"new": "红色三轮车"}, "红色三轮车"),
    "direction": ({"new": "OUT"}, "OUT"),
    "transport": ({"new": "TRUCK"}, "TRUCK"),
    "purpose": ({"new": "MEDICAL"}, "MEDICAL"),
    "lane": ({"new": "3"}, "3"),
    "trip": ({"number": "K7368", "carriage": "11", "seat": ""}, {"number": "K7368", "carriage": "11"}),
    "roster_expected": ({"new": "42"}, 42),
    "checkpoint": ({"new": "GATE2"}, "GATE2"),
}
PERSON_VALUES: dict[str, tuple[dict[str, Any], Any]] = {
    "name": ({"new": "张三"}, "张三"),
    "document": ({"type": "PASSPORT", "number": "E12345678"}, {"type": "PASSPORT", "number": "E12345678"}),
    "phone": ({"new": "13900007777"}, "13900007777"),
    "sex": ({"new": "F"}, "F"),
    "born_on": ({"new": "1990-02-03"}, "1990-02-03"),
    "nationality": ({"new": "中国"}, "中国"),
    "occupation": ({"new": "教师"}, "教师"),
    "from_code": ({"place": "武汉", "division": "420100"}, "420100"),
    "destination": ({"place": "", "division": "210381101200", "address": "3组"},
                    {"code": "210381101200", "address": "3组"}),
    "stays": ({"stay1-division": "420100", "stay1-since": "2020-02-01", "stay1-until": ""},
              [{"code": "420100", "from": "2020-02-01"}]),
    "temperatures": ({"state": "READ", "celsius": "36.9", "site": "ARMPIT"},
                     [{"celsius": 36.9, "site": "ARMPIT", "state": "READ"}]),
    "symptoms": ({"new": ["COUGH", "FATIGUE"]}, ["COUGH", "FATIGUE"]),
    "case_contact": ({"new": "True"}, True),
    "resident": ({"new": "False"}, False),
}  # fmt: skip


def stored(client: Client) -> list[dict[str, Any]]:
    """What the corrections say, as the officer at this desk may read them."""
    officer = session_reach(client.cookies[SESSION_COOKIE].value)
    assert officer is not None
    with reach(officer):
        return [open_correction(row).fields for row in Correction.objects.order_by("received_at")]


def send(client: Client, address: str, field: str, given: dict[str, Any], **more: Any) -> HttpResponse:
    return client.post(
        f"{address}?field={field}", {"reason": "看错一位", "id": str(uuid7()), **given, **more}
    )


@pytest.fixture
def passage(city: City) -> Any:
    factories.checkpoint("GATE2")
    return city.register(people=2)


def of_passage(passage: Any) -> str:
    return f"/desk/passages/{passage['id']}/correct"


def of_person(passage: Any) -> str:
    return f"/desk/passages/{passage['id']}/people/{passage['people'][0]['id']}/correct"


def test_every_field_of_a_passage_is_corrected(city: City, passage: Any) -> None:
    for field, (given, value) in PASSAGE_VALUES.items():
        assert "更正的原因" in text(city.haicheng.get(f"{of_passage(passage)}?field={field}"))
        response = send(city.haicheng, of_passage(passage), field, given)
        assert response.status_code == 302, text(response)
        assert stored(city.haicheng)[-1]["fields"] == {field: value}


def test_every_field_of_a_person_is_corrected(city: City, passage: Any) -> None:
    for field, (given, value) in PERSON_VALUES.items():
        assert "更正的原因" in text(city.haicheng.get(f"{of_person(passage)}?field={field}"))
        response = send(city.haicheng, of_person(passage), field, given)
        assert response.status_code == 302, text(response)
        assert stored(city.haicheng)[-1]["fields"] == {field: value}


def test_a_guardian_is_one_of_the_party(city: City, passage: Any) -> None:
    other = passage["people"][1]["id"]
    assert send(city.haicheng, of_person(passage), "guardian_id", {"new": other}).status_code == 302
    assert stored(city.haicheng)[0]["fields"] == {"guardian_id": other}
    assert send(city.haicheng, of_person(passage), "guardian_id", {"new": str(uuid7())}).status_code == 400


def test_the_moment_is_corrected_in_the_time_of_the_city(city: City, passage: Any) -> None:
    at = passage["occurred_at"][:10]
    response = send(city.haicheng, of_passage(passage), "occurred_at", {"new": f"{at}T00:01:02"})
    assert response.status_code == 302, text(response)
    assert stored(city.haicheng)[0]["fields"]["occurred_at"] == f"{at}T00:01:02+08:00"


def test_every_field_that_people_know_has_a_form(city: City) -> None:
    assert {*OF_PASSAGE, "checkpoint"} == PASSAGE_FIELDS - NOT_AT_THE_DESK
    assert {*OF_PERSON, "guardian_id", "answers"} == PERSON_FIELDS - NOT_AT_THE_DESK


def test_the_page_shows_who_corrected_what_and_why(city: City, passage: Any) -> None:
    send(city.haicheng, of_passage(passage), "plate", {"new": "辽C99999"})
    send(city.haicheng, of_person(passage), "from_code", {"place": "", "division": "420100"})
    page = text(city.haicheng.get(f"/desk/passages/{passage['id']}"))
    assert f"<del>{passage['plate']}</del>" in page
    assert "<ins>辽C99999</ins>" in page
    assert "<ins>湖北省武汉市</ins>" in page
    assert "看错一位" in page
    assert "海城值班员" in page


def test_a_number_in_the_history_is_masked(city: City, passage: Any) -> None:
    send(city.haicheng, of_person(passage), "phone", {"new": "13900007777"})
    page = text(city.haicheng.get(f"/desk/passages/{passage['id']}"))
    assert "13900007777" not in page
    assert "139****7777" in page
    assert passage["people"][0]["phone"] not in page


WRONG_OF_PASSAGE: list[tuple[str, dict[str, Any], str]] = [
    ("plate", {"new": "辽C99999", "reason": ""}, "必填"),
    ("plate", {"new": "辽C99999", "reason": "   "}, "必填"),
    ("direction", {"new": "SIDEWAYS"}, "SIDEWAYS"),
    ("occurred_at", {"new": "2001-01-01T00:00"}, "时间只能改为最近 30 天之内"),
    ("roster_expected", {"new": "501"}, "500"),
    ("checkpoint", {"new": "ELSEWHERE"}, "ELSEWHERE"),
]
WRONG_OF_PERSON: list[tuple[str, dict[str, Any], str]] = [
    ("born_on", {"new": "2199-01-01"}, "没有这样的出生日期"),
    ("temperatures", {"state": "READ", "celsius": "", "site": "EAR"}, "请填写读数"),
    ("temperatures", {"state": "READ", "celsius": "99", "site": "EAR"}, "45"),
    ("from_code", {"place": "亚特兰蒂斯", "division": ""}, "没有找到这个地名"),
    ("symptoms", {"new": ["INVENTED"]}, "INVENTED"),
]


def test_what_is_wrong_is_said_and_nothing_is_stored(city: City, passage: Any) -> None:
    wrong = [(of_passage(passage), *one) for one in WRONG_OF_PASSAGE]
    wrong += [(of_person(passage), *one) for one in WRONG_OF_PERSON]
    for address, field, given, said in wrong:
        response = send(city.haicheng, address, field, given)
        assert response.status_code == 400, field
        assert said in text(response), field
    assert stored(city.haicheng) == []


def test_no_form_is_filled_with_a_number_an_address_or_a_birthday(city: City) -> None:
    child = city.generated.person(
        document={"type": "PASSPORT", "number": "E12345678"},
        born_on="2001-02-03",
        occupation="司机 13900009999",
    )
    passage = city.register(people=[child], vehicle_note="电话 13900008888")
    secrets = (
        "E12345678",
        child["phone"],
        child["destination"]["address"],
        "02-03",
        "13900009999",
        "13900008888",
    )
    beside = {
        "document": "护照 E1*****78",
        "phone": "139****",
        "born_on": "2001-**-**",
        "occupation": "司机 13*******99",
        "destination": "**",
    }
    for field in PERSON_VALUES:
        page = text(city.haicheng.get(f"{of_person(passage)}?field={field}"))
        assert not any(secret in page for secret in secrets), field
        assert f"<strong>{beside[field]}" in page if field in {*beside} - {"destination"} else True, field
    note = text(city.haicheng.get(f"{of_passage(passage)}?field=vehicle_note"))
    assert "13900008888" not in note
    assert "电话 13*******88" in note


def test_what_is_left_empty_stays_as_it_was(city: City, passage: Any) -> None:
    """The kind of a document, the village of an address: the rest was masked and is not typed again."""
    one = passage["people"][0]
    send(city.haicheng, of_person(passage), "document", {"type": "OTHER", "number": ""})
    place = {"place": "", "division": "210381101200", "address": ""}
    send(city.haicheng, of_person(passage), "destination", place)
    assert [made["fields"] for made in stored(city.haicheng)] == [
        {"document": {"type": "OTHER", "number": one["document"]["number"]}},
        {"destination": {"code": "210381101200", "address": one["destination"]["address"]}},
    ]
    for field in ("phone", "born_on"):
        send(city.haicheng, of_person(passage), field, {"new": ""})
        assert "没有改动" in text(city.haicheng.get(f"/desk/passages/{passage['id']}"))
    assert len(stored(city.haicheng)) == 2


def test_what_is_kept_is_kept_from_the_last_correction_and_sending_twice_corrects_once(
    city: City, passage: Any
) -> None:
    send(city.haicheng, of_person(passage), "document", {"type": "PASSPORT", "number": "E12345678"})
    again = {"type": "OTHER", "number": "", "id": str(uuid7())}
    for _ in range(2):
        assert send(city.haicheng, of_person(passage), "document", again).status_code == 302
    assert [made["fields"] for made in stored(city.haicheng)][1:] == [
        {"document": {"type": "OTHER", "number": "E12345678"}}
    ]


def test_an_empty_box_takes_away_only_when_it_is_said(city: City, passage: Any) -> None:
    place = {"place": "", "division": "210381101200", "address": "", "none": "on"}
    send(city.haicheng, of_person(passage), "destination", place)
    send(city.haicheng, of_person(passage), "phone", {"new": "", "none": "on"})
    send(city.haicheng, of_person(passage), "document", {"type": "NONE", "number": ""})
    assert [made["fields"] for made in stored(city.haicheng)] == [
        {"destination": {"code": "210381101200"}},
        {"phone": None},
        {"document": {"type": "NONE"}},
    ]
    unknown = send(city.haicheng, of_person(passage), "document", {"type": "PASSPORT", "number": ""})
    assert unknown.status_code == 400
    assert "没有证件就选" in text(unknown)


def test_saying_what_stands_there_already_corrects_nothing(city: City, passage: Any) -> None:
    send(city.haicheng, of_passage(passage), "plate", {"new": passage["plate"]})
    assert "没有改动" in text(city.haicheng.get(f"/desk/passages/{passage['id']}"))
    assert stored(city.haicheng) == []


def test_sending_the_page_twice_corrects_once(city: City, passage: Any) -> None:
    page = text(city.haicheng.get(f"{of_passage(passage)}?field=plate"))
    found = re.search(r'name="id" value="([0-9a-f-]{36})"', page)
    assert found
    for _ in range(2):
        given = {"new": "辽C99999", "id": found[1]}
        assert send(city.haicheng, of_passage(passage), "plate", given).status_code == 302
    assert len(stored(city.haicheng)) == 1


def test_without_a_field_the_page_asks_which(city: City, passage: Any) -> None:
    for address in (of_passage(passage), f"{of_passage(passage)}?field=invented"):
        assert "要更正哪一栏" in text(city.haicheng.get(address))


def test_the_next_county_corrects_nothing(city: City, passage: Any) -> None:
    for address, field in ((of_passage(passage), "plate"), (of_person(passage), "name")):
        assert city.xiuyan.get(f"{address}?field={field}").status_code == 404
        assert send(city.xiuyan, address, field, {"new": "辽C99999"}).status_code == 404
    assert stored(city.haicheng) == []


def test_a_township_desk_reads_and_does_not_correct(city: City, passage: Any) -> None:
    assert city.township.get(of_passage(passage)).status_code == 403


def test_a_person_of_another_passage_is_not_found(city: City, passage: Any) -> None:
    other = city.register()
    address = f"/desk/passages/{other['id']}/people/{passage['people'][0]['id']}/correct"
    assert city.haicheng.get(address).status_code == 404
