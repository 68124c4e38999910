"""What a county has, one sample of each kind, and every address that takes the id of something: for the next county to ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.urls import URLPattern, reverse

from lianfang.checkpoints.models import PaperPad, Registration, ShiftHandover
from lianfang.command.models import (
    Glass,
    GridStaff,
    Membership,
    Officer,
    OfficerNotice,
    Overlay,
    ResponsiblePerson,
    RosterToken,
)
from lianfang.command.services import worker_session
from lianfang.command.services.duty_handovers import hand_duty_over
from lianfang.command.services.duty_slots import sign_in_for_duty
from lianfang.command.services.duty_swaps import ask_for_swap
from lianfang.doors.guard import SIGNED_IN
from lianfang.journeys.referring import refer_all
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.messages.services import add_robot
from lianfang.people.facts import Call, DoorTold, PersonTold
from lianfang.people.services import Door, join, join_households, open_file, open_households, tell_kinship
from lianfang.people.services import merge as services_merge
from lianfang.quarantine.models import FollowUp, QuarantineOrder, VillageCheckIn
from lianfang.quarantine.services import (
    CareAnswers,
    CareTold,
    OrderReason,
    keep_facility,
    open_village_check_in,
    order,
    put_in_place,
    set_rooms,
)
from lianfang.referrals.models import Referral, ReferralEvent, WaitingFact
from lianfang.regions.models import RegionAlias
from lianfang.situation.models import QualityTask
from tests import factories
from tests.doors.desk import City, at_desk
from tests.doors.test_hq_paper import make, row, type_in
from tests.factories import ANSHAN, HAICHENG
from tests.notices.written import written
from tests.staffed import staffed

FINDING, KEY = "INCOMPLETE", f"GATE.{sha256(b'007').hexdigest()[:16]}"


def _official(prefix: str) -> dict[str, str]:
    return {f"{prefix}-name": "郑", f"{prefix}-phone": "13900001234"}


# Address → what is posted to it; None: it is only read. An address that takes an id and is missing here, or in the two
# lists below, fails a test: whoever adds one says what the next county gets to see of it.
OF_A_COUNTY: Mapping[str, Mapping[str, str] | None] = {
    "passage": None,
    "correct-passage": {
        "plate": "辽C00000",
        "reason": "看错了",
        "id": "01a20000-0000-7000-8000-0000000000aa",
    },
    "correct-person": {"name": "李四", "reason": "看错了", "id": "01a20000-0000-7000-8000-0000000000ab"},
    "unmask-passage": {"purpose": "INVESTIGATION"},
    "device-arrived": None,
    "revoke-device": {},
    "wipe-device": {"outbox": "KEEP", "sure": "1"},
    "poster": None,
    "closing-day": None,
    "close-shift": {
        "day": (factories.today() - timedelta(days=1)).isoformat(),
        "shift": "DAY",
        "report": "COUNTED",
        "vehicles": "0",
        "people": "0",
    },
    "closing-sheet": None,
    "closing-sheet-xlsx": None,
    "quality-done": {"outcome": "已核对"},
    "quality-assign": {"to": "01a20000-0000-7000-8000-0000000000ac", "note": ""},
    "print-pad": None,
    "transcribe-pad": {"row": "5", "plate": "辽C00000", "people_typed": "1"},
    "transcribed-rows": None,
    "transcribed-row": None,
    "second-look": {"plate": "辽C00000", "people_typed": "1", "s1-number": "", "s1-celsius": "36.5"},
    "pilot": None,
    "explain-pilot": {
        "day": factories.today().isoformat(),
        "of": "01a20000-0000-7000-8000-0000000000ad",
        "reason": "OTHER",
        "note": "不明",
    },
    "decide-turn-back": {"verdict": "ADMITTED", "reason": "核实过住址"},
    "referral": None,
    "unmask-referral": {"purpose": "INVESTIGATION"},
    "answer-referral": {"kind": "ACCEPTED", "id": "01a20000-0000-7000-8000-0000000000ae"},
    "move-referral": {
        "kind": "PLACED",
        "division": "210381101201",
        "id": "01a20000-0000-7000-8000-0000000000af",
    },
    "place-referral": {"destination": "210381101201", "id": "01a20000-0000-7000-8000-0000000000b2"},
    "withdraw-referral": {"note": "未入城", "id": "01a20000-0000-7000-8000-0000000000b0"},
    "letter": {"kind": "LETTER_SENT", "id": "01a20000-0000-7000-8000-0000000000b1"},
    "letter-again": {},
    "letter-file": {"event": "01a20000-0000-7000-8000-0000000000b1"},
    "close-village-check-in": {},
    "accept-waiting": {},
    "close-waiting": {"outcome": "SEEN"},
    "test-robot": {},
    "retire-robot": {},
    "checkpoint": None,
    "hand-over": {"note": ""},
    "accept-handover": {},
    "close-glass": {},
    "read-notice": {},
    "approve-place-notice": {},
    "withdraw-place-notice": {"reason": "日期写错"},
    "revoke-grid-worker": {},
    "officer-link": {},
    "officer-leaves": {},
    "officer-postings": {"role": "WALL", "place": "岫岩县", "division": "210323"},
    "end-posting": {},
    "decision": None,
    "person": None,
    "unmask-person": {"purpose": "INVESTIGATION"},
    "amend-person": {"note": "已搬家", "reason": "核对过"},
    "move-person": {"code": "210381101200-0001", "relation": "HEAD"},
    "mark-person": {"state": "AWAY"},
    "close-person": {},
    "add-kin": {"relation": "CHILD", "kind": "PHONE", "value": "13900003456"},
    "take-back-kin": {},
    "undo-merge": {},
    "household": None,
    "verify-household": {},
    "change-household": {"address": "孤山街1号", "occupancy": "RENTED"},
    "add-member": {"name": "李四", "document_type": "NONE", "relation": "TENANT", "state": "PRESENT"},
    "close-household": {},
    "join-households": {"code": "210381101200-0003", "reason": "同一户"},
    "part-households": {},
    "duty-slot": None,
    "sign-in-for-duty": {},
    "hand-duty-over": {"note": ""},
    "absent-from-duty": {"reason": "发热"},
    "replace-on-duty": {"person": "01a20000-0000-7000-8000-0000000000ac"},
    "withdraw-duty": {},
    "ask-for-swap": {"person": "01a20000-0000-7000-8000-0000000000ac", "reason": "有事"},
    "decide-swap": {"granted": "1"},
    "duty-handover": None,
    "accept-duty": {"slot": "01a20000-0000-7000-8000-0000000000ac"},
    "end-membership": {},
    "responsible-division": None,
    "assign-responsible": {**_official("assign"), "assign-kind": "DEPUTY"},
    "acknowledge-responsible": {},
    "replace-responsible": _official("replace"),
    "end-responsible": {},
    "place-staff": {"worker-kind": "VOLUNTEER", "worker-name": "周", "worker-phone": "13900001234"},
    "end-staff": {},
    "place-overlay": {
        "overlay-kind": "PARTY_AREA",
        "overlay-title": "一区",
        "overlay-name": "吴",
        "overlay-phone": "13900001234",
    },
    "end-overlay": {},
    "close-follow-up": {"outcome": "WELL"},
    "tell-check-in": {"id": "01a20000-0000-7000-8000-0000000000c9", "celsius": "36.5"},
    "order": None,
    "unmask-order": {"purpose": "INVESTIGATION"},
    "answer-order": {"kind": "NOTIFIED", "id": "01a20000-0000-7000-8000-0000000000c1"},
    "care-for": {
        "kind": "CARE_ANSWERED",
        "DEPENDANTS-answer": "NO",
        "id": "01a20000-0000-7000-8000-0000000000c2",
    },
    "settle-care": {"care": "MEDICINE", "id": "01a20000-0000-7000-8000-0000000000c3"},
    "further-reason": {
        "reason": "CONTACT",
        "day0_on": factories.today().isoformat(),
        "days": "14",
        "id": "01a20000-0000-7000-8000-0000000000c4",
    },
    "slip": {"orders": "01a20000-0000-7000-8000-0000000000ac", "id": "01a20000-0000-7000-8000-0000000000c5"},
    "certificate": {},
    "end-order": {"act": "lift", "note": "弄错了", "id": "01a20000-0000-7000-8000-0000000000d1"},
    "facility": None,
    "change-facility": {"name": "别的招待所", "phone": ""},
    "facility-rooms": {"rooms": "301 3"},
    "close-facility": {},
}
# Lists narrowed by a value of the address: empty where nothing lies within reach, whatever the value.
NARROWED_LISTS = {"quality-findings", "quality-rows"}
OF_NO_COUNTY = {
    "set-up": "a token of the server",
    "activate": "a token its officer was handed",
    "revoke-display": "displays are the whole platform's; only headquarters has the permission",
    "rule-draft": "rules are the whole city's: who may draft them is of headquarters",
    **dict.fromkeys(
        (
            "rule-heading",
            "load-rules",
            "rule-draft-sheet",
            "rule-draft-back",
            "rule-rows",
            "rule-row",
            "rule-question",
            "propose-rules",
            "approve-rules",
            "refuse-rules",
            "withdraw-rules",
            "rule-areas",
            "add-area",
            "change-area",
            "paste-areas",
        ),
        "the same",
    ),
    "rescreening": "screening again is the whole city's: only its headquarters has the permission",
    **dict.fromkeys(
        (
            "propose-rescreening",
            "approve-rescreening",
            "refuse-rescreening",
            "stop-rescreening",
            "rescreened-people",
            "rescreened-people-sheet",
        ),
        "the same",
    ),
    "rule-set": "what is or was in force is read by every desk",
    "rule-set-sheet": "the same",
    "compare-rules": "the same",
    "purge": "the whole platform's: keys follow days, not counties",
    "sign-purge": "the same",
    "refuse-purge": "the same",
    "declare": "the traveller's page, open to everybody",
    "api-declaring": "the same as JSON",
    "api-roster": "a count, for whoever knows the coach's code",
    "api-device-declaration": "asks for a device's token, and answers for its own checkpoint",
    "api-device-roster": "the same",
    "phone-file": "files of the phone's program",
    "grid-file": "the same of the grid worker's page",
    "take-back-alias": "names of places are read by every desk, and taken back by the one whose place it is",
    "shipped-rules": "rules that come with the program, for whoever may see rules",
    "try-rules": "rules are the whole city's; only headquarters has the permission",
}
# Read without a form, these lead to a list of one's own.
LED_BACK = {"officer-link"}
# Done by the very officer they belong to, who is the county's desk here.
OF_ONE_OFFICER = {"quality-done", "close-glass", "read-notice"}


@dataclass(frozen=True, slots=True)
class Sample:
    """One thing of each kind, by the names addresses use; `words`: what only its own county may read.

    `travellers`: those of them that are about travellers.
    """

    ids: Mapping[str, Any]
    travellers: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        return self.travellers + self.others

    def address(self, pattern: URLPattern) -> str:
        made = reverse(
            str(pattern.name), kwargs={name: self.ids[name] for name in pattern.pattern.converters}
        )
        queries = {"correct-passage": "?field=plate", "correct-person": "?field=name"}
        asked = f"?key={KEY}&days=7" if "finding" in pattern.pattern.converters else ""
        return made + queries.get(str(pattern.name), asked)


def sample_of(city: City) -> Sample:
    """海城 has a passage, a phone, a pad with a typed row, an open handover, a task and a township's officer."""
    passage = city.register(people=[city.generated.person()], officer="007")
    city.register(people=[city.generated.person(name=None)], officer="007")
    proposed = Registration.objects.using("owner").filter(pk=passage["people"][0]["id"])
    proposed.update(measures=["TURN_BACK_PROPOSED", "REGISTER"])
    at = datetime.now(UTC)
    make(city.haicheng)
    pad = PaperPad.objects.get().number
    assert type_in(city.haicheng, pad, row(3)).status_code == 200
    desk, township = (
        Officer.objects.get(postings__role=role, postings__division__startswith=HAICHENG)
        for role in ("COUNTY_DESK", "TOWNSHIP_DESK")
    )
    Officer.objects.filter(pk=township.pk).update(name="孤山镇值班员")
    handover = ShiftHandover.objects.create(
        checkpoint_id="GATE",
        day=factories.today(),
        shift="DAY",
        handed_by=desk.id,
        handed_at=at,
        note="备用电池",
        open_items=[],
    )
    lo, hi = span(ANSHAN)
    glass = Glass.objects.create(
        officer=desk,
        division=ANSHAN,
        lo=lo,
        hi=hi,
        reason="核对邻县车辆",
        broken_at=at,
        ends_at=at + timedelta(hours=3),
    )
    notice = OfficerNotice.objects.create(officer=desk, kind="GLASS_BROKEN", about=glass.id, made_at=at)
    person = passage["people"][0]
    referral, event, waiting = handed_over(city, desk.id, at)
    ids = {
        **files(at),
        "order_id": (order_id := observed(at)),
        "follow_up_id": followed_up(order_id, at),
        "facility_id": facility(at),
        "referral_id": referral.id,
        "event_id": event,
        "waiting_id": waiting,
        "alias_id": alias(at),
        "robot_id": robot(at),
        "village_id": village(at),
        "passage_id": UUID(passage["id"]),
        "person_id": UUID(person["id"]),
        "registration_id": UUID(person["id"]),
        "device_id": city.intake.device.id,
        "checkpoint": "GATE",
        "pad": pad,
        "row": 3,
        "handover_id": handover.id,
        "task_id": _task(desk.id, at).id,
        "finding": FINDING,
        "glass_id": glass.id,
        "notice_id": notice.id,
        "place_notice_id": place_notice(at),
        "phone_id": _grid_phone(desk, at).id,
        "officer_id": township.id,
        "posting_id": township.postings.get().id,
        **duty(at),
        **responsible(at),
    }
    travellers = (
        passage["plate"], person["name"], person["document"]["number"], person["phone"], "张三", "辽C12345",
        "欧阳春晓", "13900003456", "孤山街9号", "欧阳小红", "欧阳**", "欧阳秋月", "13900007788", "孤山街77号", "邻居王婶", "降压药",
    )  # fmt: skip
    others = (
        "孤山镇防控群", "GATE卡口", "一号机", "备用电池", "请核对", "核对邻县车辆", "大孤山网格员", "孤山镇值班员", "海城值班员",
        "孤山镇指挥部", "值班甲", "值班乙", "雪天路滑", "家里有事", "责任书记", "责任志愿", "责任东岗",
        "孤山集市暂停", "通告员",
        "孤山招待所", "0412-7654321",
    )  # fmt: skip
    return Sample(ids, travellers, others)


def observed(at: datetime) -> UUID:
    """Somebody under observation in the village, with a need of care that somebody sees to."""
    by = factories.officer("COUNTY_DESK", HAICHENG, name="观察员")
    told = PersonTold(name="欧阳秋月", phone="13900007788", address="孤山街77号")
    person = open_file(by=by, at=at, call=Call("DESK", "observed"), facts=told, division="210381101200").id
    why = OrderReason("OFFICER", factories.today() - timedelta(days=2))
    made = order(by=by, at=at, id=uuid7(at=at), person=person, division="210381101200", why=why)
    care = CareAnswers(
        needed={"MEDICINE": CareTold("降压药", "邻居王婶", "13900008899")}, not_needed=("DEPENDANTS",)
    )
    put_in_place(by=by, at=at, id=uuid7(at=at), order=made.id, answers=care, occurred_at=at)
    return made.id


def followed_up(order: UUID, at: datetime) -> UUID:
    """Somebody who did not report, to be telephoned."""
    one = QuarantineOrder.objects.using("owner").get(pk=order)
    made = FollowUp.objects.using("owner").create(
        order_id=one.id, kind="CALL", since_day=factories.today(), since_half="MORNING", jurisdiction=one.jurisdiction,
        opened_at=at, due_at=at + timedelta(hours=2),
    )  # fmt: skip
    return made.id


def facility(at: datetime) -> UUID:
    """A place of quarantine in the county."""
    by = factories.officer("COUNTY_DESK", HAICHENG, name="隔离点管理员")
    made = keep_facility(
        by=by, at=at, id=uuid7(at=at), name="孤山招待所", division="210381101", phone="0412-7654321"
    )
    set_rooms(by=by, at=at, facility=made.id, rooms={"301": 2})
    return made.id


def files(at: datetime) -> dict[str, UUID]:
    """Somebody's file with another merged into it, his household with another joined to it, and his kin."""
    by = factories.officer("COUNTY_DESK", HAICHENG, name="台账员")
    told = PersonTold(name="欧阳春晓", phone="13900003456", address="孤山街9号")
    kept, merged = (
        open_file(by=by, at=at, call=Call("DESK", str(n)), facts=told, division="210381101200").id
        for n in (1, 2)
    )
    doors = [
        Door("210381101200", DoorTold(address=address))
        for address in ("孤山街9号", "孤山街九号", "孤山街10号")
    ]
    home, double, _ = open_households(by=by, at=at, doors=doors)
    join(by=by, at=at, person=kept, household=home.id, relation="HEAD")
    child = open_file(
        by=by, at=at, call=Call("DESK", "3"), facts=PersonTold(name="欧阳小春"), division="210381101200"
    ).id
    tell_kinship(by=by, at=at, person=kept, other=child, kind="CHILD")
    return {
        "file_id": kept,
        "other_id": child,
        "household_id": home.id,
        "merge_id": services_merge(by=by, at=at, kept=kept, merged=merged, reason="同一人"),
        "join_id": join_households(by=by, at=at, kept=home.id, joined=double.id, reason="同一户"),
    }


def robot(at: datetime) -> UUID:
    """A township's group has one."""
    with reach(factories.officer("COUNTY_DESK", HAICHENG, name="提醒员")) as by:
        return add_robot(
            by=by, at=at, division="210381101", name="孤山镇防控群",
            webhook="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x",
        ).id  # fmt: skip


def alias(at: datetime) -> int:
    """A hamlet of the village, as an officer taught it."""
    return RegionAlias.objects.create(
        code="210381101200", alias="王家屯", kind="HAMLET", source="王家屯", valid_from=at.date(), taught_at=at,
        taught_by=factories.officer("COUNTY_DESK", HAICHENG, name="别名员").officer_id,
    ).pk  # fmt: skip


def place_notice(at: datetime) -> UUID:
    """What a township is to be told, waiting for a second officer."""
    by = factories.officer("COUNTY_DESK", HAICHENG, name="通告员")
    return written(by, "210381101", "孤山集市暂停", at=at).id


def village(at: datetime) -> UUID:
    """A village that checks in by itself; the address closes it."""
    by = factories.officer("COUNTY_DESK", HAICHENG, name="打卡员")
    open_village_check_in(by=by, at=at, division="210381101200", lasts=timedelta(days=7))
    return VillageCheckIn.objects.using("owner").latest("opened_at").id


def duty(at: datetime) -> dict[str, UUID]:
    """Headquarters of a township: what stands above an officer is seen from everywhere below it."""
    of = staffed("210381101", at=at, name="孤山镇指挥部")
    one, two = of.member("值班甲"), of.member("值班乙")
    slot, later = of.slot(one), of.slot(one, on=of.today + timedelta(days=2))
    sign_in_for_duty(by=of.keeper, id=slot.id, at=at)
    handed = hand_duty_over(by=of.keeper, id=slot.id, note="雪天路滑", open_items=(), listed=(), at=at)
    swap = ask_for_swap(by=of.keeper, id=later.id, person=two, reason="家里有事", at=at)
    of.member("值班丙")
    membership = Membership.objects.get(person__name="值班丙")
    return {
        "slot_id": later.id, "swap_id": swap.id, "duty_handover_id": handed.id, "membership_id": membership.id,
    }  # fmt: skip


def handed_over(city: City, desk: UUID, at: datetime) -> tuple[Referral, UUID, UUID]:
    """Somebody with fever, headed beyond the city, of whom a letter went out."""
    ill = city.generated.person(
        name="欧阳小红", from_code="420100", destination={"code": "420100", "address": "东区"},
        temperatures=[{"celsius": 38.5, "site": "FOREHEAD", "state": "READ"}],
    )  # fmt: skip
    city.register(people=[ill])
    refer_all(worker_session())
    one = Referral.objects.using("owner").get(registration_id=ill["id"])
    Referral.objects.using("owner").filter(pk=one.pk).update(outside=True, state="OUTSIDE")
    letter = ReferralEvent.objects.using("owner").create(
        referral_id=one.id, kind="LETTER_SENT", state="OUTSIDE", occurred_at=at, received_at=at, officer_id=desk,
        jurisdiction=one.origin,
    )  # fmt: skip
    waiting = WaitingFact.objects.using("owner").get(referral_id=one.id)
    WaitingFact.objects.using("owner").update(jurisdiction=one.origin)
    return one, letter.id, waiting.id


def _task(officer: UUID, at: datetime) -> QualityTask:
    day = factories.today()
    return QualityTask.objects.create(
        finding=FINDING, key=KEY, day=day, first_day=day, jurisdiction=210381 * 10**12, checkpoint="GATE",
        assigned_to=officer, assigned_by=officer, assigned_at=at, note="请核对",
    )  # fmt: skip


def responsible(at: datetime) -> dict[str, Any]:
    """A village's principal who has not said yes, a volunteer and a vanguard post."""
    lo, hi = span("210381101200")
    where = {"division": "210381101200", "lo": lo, "hi": hi, "from_at": at, "phone": "04123220120"}
    person = ResponsiblePerson.objects.create(**where, level="VILLAGE", kind="PRINCIPAL", name="责任书记")
    return {
        "division": "210381101200",
        "responsible_id": person.id,
        "staff_id": GridStaff.objects.create(**where, kind="VOLUNTEER", name="责任志愿").id,
        "overlay_id": Overlay.objects.create(**where, kind="VANGUARD_POST", title="责任东岗", name="冯").id,
    }


def _grid_phone(desk: Officer, at: datetime) -> RosterToken:
    lo, hi = span("210381101200")
    return RosterToken.objects.create(
        name="大孤山网格员", division="210381101200", lo=lo, hi=hi, code_expires_at=at + timedelta(minutes=10),
        invited_by=desk, invited_at=at,
    )  # fmt: skip


def desks(permission: str, roles: Mapping[str, Any], division: str) -> dict[str, Any]:
    """A desk in the division for each role that holds the permission."""
    able = (
        code
        for code, role in roles.items()
        if permission in {SIGNED_IN, *role.permissions} and code != "WORKER"
    )
    return {code: at_desk(factories.officer(code, division)) for code in able}
