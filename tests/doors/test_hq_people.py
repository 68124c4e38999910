"""Files of people at the desk: found by a number, shown masked, whole for a purpose, amended, moved, merged, parted."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.command.roles import ROLES
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.reach import Reach
from lianfang.people.facts import Call, DocumentTold, DoorTold, PersonTold
from lianfang.people.models import Household, Person, PersonMerge, StayInHousehold
from lianfang.people.services import Door, join, open_file, open_households
from lianfang.referrals.models import Referral
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import HAICHENG, Generated

GRID = "210381101200"
NAME, NUMBER, PHONE = "欧阳明月", "210381198503021234", "13900007788"


@pytest.fixture
def keeper(city: City) -> Reach:
    return factories.officer("COUNTY_DESK", HAICHENG, name="台账员")


def opened(by: Reach, *, name: str = NAME, number: str | None = NUMBER, phone: str = PHONE) -> UUID:
    document = DocumentTold("RESIDENT_ID", number) if number else None
    facts = PersonTold(
        name=name, document=document, phone=phone, address="丰台路8号3单元201", note=f"电话也可打 {phone}"
    )
    call = Call(
        "REFERRAL",
        Generated(len(name) + int(datetime.now(UTC).timestamp() * 1e6)).id(),
        "r" * 64,
        "affected-area",
    )
    return open_file(by=by, at=datetime.now(UTC), call=call, facts=facts, division=GRID).id


def at_home(by: Reach, *people: UUID) -> Household:
    (home,) = open_households(
        by=by, at=datetime.now(UTC), doors=[Door(GRID, DoorTold(address="丰台路8号3单元201"))]
    )
    for person in people:
        join(by=by, at=datetime.now(UTC), person=person, household=home.id, relation="HEAD")
    return home


def test_the_file_shows_a_name_and_masked_numbers_and_is_noted(city: City, keeper: Reach) -> None:
    id = opened(keeper)
    at_home(keeper, id)
    page = text(city.haicheng.get(f"/desk/people/{id}"))
    for word in (
        NAME,
        "139****7788",
        "210381********1234",
        "丰台路8号3单元201",
        "在家",
        "建档",
        "移交",
        "大孤山村",
    ):
        assert word in page, word
    assert PHONE not in page
    assert NUMBER not in page
    (entry,) = AuditEntry.objects.using("owner").filter(act="FILE_READ")
    assert entry.subject == f"PERSON {id}"


def test_all_of_it_takes_a_purpose_and_goes_again(city: City, keeper: Reach) -> None:
    id = opened(keeper)
    page = city.haicheng.post(f"/desk/people/{id}/unmask", {"purpose": "INVESTIGATION"})
    assert page["Refresh"] == f"300; url=/desk/people/{id}"
    for word in (NUMBER, PHONE, "疫情处置"):
        assert word in text(page)
    assert AuditEntry.objects.using("owner").get(act="UNMASKED").subject == f"PERSON {id}"
    assert city.haicheng.post(f"/desk/people/{id}/unmask", {"purpose": "CURIOSITY"}).status_code == 400
    assert city.haicheng.get(f"/desk/people/{id}/unmask").status_code == 302


@pytest.mark.parametrize(
    ("kind", "value"), [("DOCUMENT", "210381 19850302 1234"), ("PHONE", "+86 139-0000-7788")]
)
def test_a_file_is_found_by_a_whole_number_and_by_nothing_less(
    city: City, keeper: Reach, kind: str, value: str
) -> None:
    id = opened(keeper)
    page = text(city.haicheng.post("/desk/people", {"kind": kind, "value": value}))
    assert f"/desk/people/{id}" in page
    assert "欧阳**" in page
    assert NAME not in page
    assert "没有找到" in text(city.haicheng.post("/desk/people", {"kind": kind, "value": value[:-1]}))
    assert "没有找到" in text(city.xiuyan.post("/desk/people", {"kind": kind, "value": value}))
    assert city.haicheng.post("/desk/people", {"kind": kind, "value": ""}).status_code == 400


def test_the_stranger_of_the_next_county_finds_nothing_anywhere(city: City, keeper: Reach) -> None:
    id = opened(keeper)
    home = at_home(keeper, id)
    for address in (
        f"/desk/people/{id}",
        f"/desk/people/{id}/amend",
        f"/desk/people/{id}/move",
        f"/desk/households/{home.id}",
    ):
        assert city.xiuyan.get(address).status_code == 404, address
    posts = {
        f"/desk/people/{id}/amend": {"note": "x", "reason": "x"}, f"/desk/people/{id}/close": {},
        f"/desk/people/{id}/unmask": {"purpose": "INVESTIGATION"},
        f"/desk/households/{home.id}/members/{id}": {"state": "AWAY"},
        f"/desk/households/{home.id}/verify": {}, f"/desk/households/{home.id}/close": {},
        f"/desk/households/{home.id}/change": {"address": "x", "occupancy": "VACANT"},
        f"/desk/households/{home.id}/members": {"name": "x", "relation": "HEAD", "state": "PRESENT", "document_type": "NONE"},
    }  # fmt: skip
    for address, data in posts.items():
        assert city.xiuyan.post(address, data).status_code == 404, address
    assert Household.objects.using("owner").get().verified_on is None
    assert Person.objects.using("owner").get().closed_at is None


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"WORKER"}))
def test_each_role_sees_the_acts_it_may_do(city: City, keeper: Reach, role: str) -> None:
    id = opened(keeper)
    response = at_desk(factories.officer(role, HAICHENG)).get(f"/desk/people/{id}")
    may = ROLES[role].permissions
    assert response.status_code == (200 if "VIEW_PEOPLE" in may else 403)
    page = text(response)
    assert (f"/desk/people/{id}/amend" in page) == ("KEEP_PEOPLE" in may)
    assert (f"/desk/people/{id}/unmask" in page) == ("UNMASK" in may and "VIEW_PEOPLE" in may)


def test_a_file_is_opened_at_the_desk_once(city: City) -> None:
    told = {"division": GRID, "name": NAME, "document_type": "RESIDENT_ID", "number": NUMBER, "phone": PHONE}
    first = city.haicheng.post("/desk/people/new", told)
    again = city.haicheng.post("/desk/people/new", told)
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    assert "此人已有档案" in text(city.haicheng.get(again["Location"]))
    assert city.haicheng.post("/desk/people/new", {**told, "division": "", "place": ""}).status_code == 400
    refused = city.xiuyan.post("/desk/people/new", {**told, "division": "210323"})
    assert "此人的档案在其他县区" in text(refused)
    assert Person.objects.using("owner").count() == 1


def test_what_is_left_blank_stays_and_what_stood_is_in_the_file(city: City, keeper: Reach) -> None:
    id = opened(keeper)
    told = {
        "phone": "13900001234",
        "document_type": "RESIDENT_ID",
        "remarks": ["LIVES_ALONE"],
        "reason": "换了电话",
    }
    assert city.haicheng.post(f"/desk/people/{id}/amend", told).status_code == 302
    page = text(city.haicheng.get(f"/desk/people/{id}"))
    for word in (NAME, "139****1234", "210381********1234", "独居老人", "更改", "海城值班员"):
        assert word in page, word
    assert "没有要更改的内容" in text(
        city.haicheng.post(f"/desk/people/{id}/amend", {"reason": "x", "document_type": "NONE"})
    )
    assert city.haicheng.post(f"/desk/people/{id}/amend", {"phone": "1"}).status_code == 400


def test_somebody_moves_is_marked_and_closed(city: City, keeper: Reach) -> None:
    id = opened(keeper)
    old, new = at_home(keeper, id), at_home(keeper)
    told = {"code": new.code, "relation": "CHILD"}
    assert (
        city.haicheng.post(f"/desk/people/{id}/move", {**told, "code": "210381101200-9999"}).status_code
        == 400
    )
    assert city.haicheng.post(f"/desk/people/{id}/move", told).status_code == 302
    page = text(city.haicheng.get(f"/desk/people/{id}"))
    assert "迁出" in page
    assert old.code in page
    marked = city.haicheng.post(
        f"/desk/households/{new.id}/members/{id}", {"state": "HOSPITALISED", "back": "household"}
    )
    assert marked["Location"] == f"/desk/households/{new.id}"
    assert "住院" in text(city.haicheng.get(f"/desk/households/{new.id}"))
    assert (
        city.haicheng.post(f"/desk/people/{id}/state", {"household": "none", "state": "AWAY"}).status_code
        == 404
    )
    assert city.haicheng.post(f"/desk/people/{id}/close").status_code == 409
    city.haicheng.post(f"/desk/households/{new.id}/members/{id}", {"state": "MOVED_OUT"})
    city.haicheng.post(f"/desk/people/{id}/close")
    assert "已注销" in text(city.haicheng.get(f"/desk/people/{id}"))


def test_kin_is_chosen_from_the_household_or_found_by_a_number_and_taken_back(
    city: City, keeper: Reach
) -> None:
    child, mother = opened(keeper, name="王小明", number=None, phone="13900001234"), opened(keeper)
    at_home(keeper, child, mother)
    here = f"/desk/people/{child}/kin"
    assert "还没有登记亲属" in text(city.township.get(f"/desk/people/{child}"))
    page = text(city.township.get(here))
    assert NAME in page
    assert "按号码找" not in page, "a township finds its people by their doors"
    found = {"relation": "PARENT", "kind": "DOCUMENT", "value": NUMBER}
    page = text(city.haicheng.post(here, found))
    assert "210381********1234" in page
    assert PHONE not in page
    assert "没有找到" in text(city.haicheng.post(here, {**found, "value": "210381198503029999"}))
    assert city.haicheng.post(here, {**found, "relation": "HEAD"}).status_code == 400
    assert city.township.post(here, {"relation": "PARENT", "other": str(mother)}).status_code == 302
    page = text(city.haicheng.get(f"/desk/people/{child}"))
    for word in (NAME, "父母", "子女", "登记亲属"):
        assert word in page, word
    assert "王小明" in text(city.haicheng.get(f"/desk/people/{mother}"))
    for act in (here, f"{here}/{mother}/take-back"):
        assert city.xiuyan.post(act, {"relation": "PARENT", "other": str(mother)}).status_code == 404
        assert city.screen.post(act).status_code == 403
    assert city.xiuyan.get(here).status_code == 404
    assert city.haicheng.post(f"{here}/{mother}/take-back").status_code == 302
    assert "还没有登记亲属" in text(city.haicheng.get(f"/desk/people/{child}"))


def test_a_pair_is_merged_undone_and_then_said_to_be_two(city: City, keeper: Reach) -> None:
    one, other = opened(keeper, number=None), opened(keeper)
    page = text(city.haicheng.get("/desk/people/duplicates"))
    assert "电话相同，姓名相近" in page
    assert NAME not in page
    assert PHONE not in page
    pair = {"kept": str(one), "other": str(other)}
    assert city.haicheng.post("/desk/people/duplicates/merge", pair).status_code == 400
    kept = city.haicheng.post("/desk/people/duplicates/merge", {**pair, "reason": "同一人"})
    assert kept["Location"] == f"/desk/people/{one}"
    assert "这份档案已并入另一份" in text(city.haicheng.get(f"/desk/people/{other}"))
    merge = PersonMerge.objects.using("owner").get()
    assert f"/desk/people/merges/{merge.id}/undo" in text(city.haicheng.get(f"/desk/people/{one}"))
    assert city.xiuyan.post(f"/desk/people/merges/{merge.id}/undo").status_code == 404
    assert city.haicheng.post(f"/desk/people/merges/{merge.id}/undo")["Location"] == f"/desk/people/{one}"
    assert "已撤销" in text(city.haicheng.get(f"/desk/people/{one}"))
    assert (
        city.haicheng.post("/desk/people/duplicates/part", {**pair, "reason": "父子共用电话"}).status_code
        == 302
    )
    assert "没有疑似重复的档案" in text(city.haicheng.get("/desk/people/duplicates"))
    assert "已说明不是同一人" in text(city.haicheng.get(f"/desk/people/{one}"))


@pytest.mark.parametrize("people", [1, 3])
def test_pages_take_as_many_questions_with_one_as_with_three(city: City, keeper: Reach, people: int) -> None:
    ids = [opened(keeper, number=None, name=f"王小{'明民鸣茗'[n]}") for n in range(people + 1)]
    homes = [at_home(keeper, id) for id in ids[:people]]
    for address, most in (
        (f"/desk/people/{ids[0]}", 27), ("/desk/people/duplicates", 14), (f"/desk/households/{homes[0].id}", 15),
        (f"/desk/households?division={GRID}", 14), ("/desk/households", 12),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            assert city.haicheng.get(address).status_code == 200
        assert len(asked) <= most, (address, len(asked))
    assert StayInHousehold.objects.using("owner").count() == people


def test_a_destroyed_file_says_so(city: City, keeper: Reach) -> None:
    id = opened(keeper)
    Person.objects.using("owner").filter(pk=id).update(wrapped_key=None, sealed=None)
    page = text(city.haicheng.get(f"/desk/people/{id}"))
    assert "这份档案已按期销毁" in page
    assert f"/desk/people/{id}/amend" not in page


def test_the_page_says_at_a_glance_where_somebody_is_and_where_his_referral_stands(
    city: City, keeper: Reach
) -> None:
    id, alone = opened(keeper), opened(keeper, number=None, phone="13900001234")
    at_home(keeper, id)
    now = datetime.now(UTC)
    here = int(GRID.ljust(18, "0"))
    for state, days in (("MOVED_ON", 2), ("NOT_HERE", 1)):
        Referral.objects.using("owner").create(
            registration_id=Generated(days).id(), passage_id=Generated(days + 7).id(), person_id=id, because="ARRIVAL",
            measures=["QUARANTINE"], details=[], origin=here, destination=GRID, jurisdiction=here, outside=False,
            urgent=True, vacant=False, captured_on=now.date(), sent_at=now - timedelta(days=days), due_at=now,
            county_due_at=now, city_due_at=now, state=state,
        )  # fmt: skip
    page = text(city.haicheng.get(f"/desk/people/{id}"))
    glance = page[page.index("person-now") : page.index("person-told")]
    for word in ("丰台路8号3单元201", "在家", "不在", "大孤山村", "没有责任人"):
        assert word in glance, word
    assert "已转走" not in glance
    assert "已转走" in page
    assert "还没有登记到哪一户" in text(city.haicheng.get(f"/desk/people/{alone}"))
    closing = city.haicheng.post(f"/desk/people/{id}/close")
    assert closing.status_code == 409
    assert "还没有落实" in text(closing)


def test_whoever_stands_at_the_counter_is_shown_the_file(city: City, keeper: Reach) -> None:
    opened(keeper)
    page = text(city.haicheng.post("/desk/subjects", {"number": NUMBER}))
    for word in (NAME, NUMBER, PHONE, "人员档案"):
        assert word in page
    told = city.haicheng.post("/desk/subjects/export", {"number": NUMBER, "format": "json"}).content.decode()
    assert PHONE in told


def test_signed_out_nobody_sees_anything(city: City, keeper: Reach) -> None:
    id = opened(keeper)
    assert Client().get(f"/desk/people/{id}").status_code == 302
