"""Acts on headquarters: set up with the groups the source names, groups added, people put into them and taken out."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from lianfang.command.groups import GROUPS
from lianfang.command.models import DutyPerson, DutySlot, Headquarters, Membership, WorkGroup
from lianfang.command.queries.headquarters import (
    in_sight,
    is_member,
    kept_headquarters,
    posted_within,
    require_kept,
)
from lianfang.command.services.writing import on_one_line
from lianfang.kernel.audit import Act, note
from lianfang.kernel.divisions import canonical, is_code, level, span
from lianfang.kernel.phones import ODD
from lianfang.kernel.phones import read as read_phone
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound, Refusal

LONGEST_HEADQUARTERS, LONGEST_GROUP, LONGEST_PERSON, LONGEST_TITLE = 60, 30, 40, 30
LEVELS = ("CITY", "COUNTY", "TOWNSHIP")
OWN = "OWN_{}"  # the code of a group that a city added


@transaction.atomic
def open_headquarters(*, by: Reach, division: str, name: str, at: datetime) -> Headquarters:
    """Of a city, a county or a township within the officer's own area, with the groups that the source names."""
    by.require("KEEP_DUTY")
    if not is_code(division) or level(division) not in LEVELS:
        raise Refusal(
            "DIVISION_UNKNOWN", "请选择市、县区或乡镇街道。", "Choose a city, a county or a township."
        )
    by.require_cover(division)
    lo, hi = span(division)
    name = on_one_line(name, longest=LONGEST_HEADQUARTERS)
    if not name:
        raise Refusal("NAME_MISSING", "请填写名称。", "Give it a name.")
    try:
        with transaction.atomic():
            made = Headquarters.objects.create(
                division=canonical(division), lo=lo, hi=hi, name=name, opened_by=by.officer_id, opened_at=at
            )
    except IntegrityError as error:
        raise Refusal(
            "HEADQUARTERS_THERE", "这里已经有指挥部了。", "There are headquarters already.", status=409
        ) from error
    _add_named_groups(made)
    note(Act.HEADQUARTERS_OPENED, by=by, subject=f"HEADQUARTERS {made.id}", jurisdiction=lo)
    return made


def _add_named_groups(made: Headquarters) -> None:
    groups = {
        named.code: WorkGroup(
            headquarters=made, code=named.code, name_zh=named.zh, name_en=named.en, position=position
        )
        for position, named in enumerate(GROUPS)
    }
    for named in GROUPS:
        groups[named.code].parent = groups[named.within] if named.within else None
    WorkGroup.objects.bulk_create(groups.values())


@transaction.atomic
def add_group(
    *, by: Reach, headquarters: UUID, zh: str, en: str, parent: UUID | None = None, at: datetime
) -> WorkGroup:
    """A group of the city's own, which stands after those that are there."""
    of = kept_headquarters(by, headquarters)
    zh, en = (on_one_line(text, longest=LONGEST_GROUP) for text in (zh, en))
    if not zh:
        raise Refusal("NAME_MISSING", "请填写工作组的名称。", "Give the group a name.")
    # Held, so that two who add at once do not give the same code.
    Headquarters.objects.select_for_update().get(pk=of.pk)
    here = WorkGroup.objects.filter(headquarters=of)
    if here.filter(name_zh=zh).exists():
        raise Refusal(
            "GROUP_THERE", "已经有这个名称的工作组。", "There is a group of this name already.", status=409
        )
    above = here.filter(pk=parent, parent=None).first() if parent else None
    if parent and above is None:
        raise unknown_group()
    position = (here.aggregate(last=Max("position"))["last"] or 0) + 1
    made = WorkGroup.objects.create(
        headquarters=of, parent=above, code=OWN.format(position), name_zh=zh, name_en=en or zh, position=position
    )  # fmt: skip
    note(Act.WORK_GROUP_ADDED, by=by, subject=f"WORK_GROUP {made.id}", jurisdiction=of.lo)
    return made


@transaction.atomic
def add_member(
    *,
    by: Reach,
    group: UUID,
    role: str,
    phone: str,
    officer: UUID | None = None,
    name: str = "",
    title: str = "",
    at: datetime,
) -> Membership:
    """Puts an officer of the area, or somebody without an account, into a group from now on.

    The telephone given last is the one he is called by.
    """
    found = kept_group(by, group)
    if role not in Membership.Role.values:
        raise Refusal("ROLE_UNKNOWN", "请选择组内身份。", "Say what he is in the group.")
    person = _person(by, officer, name, _called_by(phone))
    try:
        with transaction.atomic():
            made = Membership.objects.create(
                group=found, person=person, role=role, title=on_one_line(title, longest=LONGEST_TITLE), from_at=at,
                added_by=by.officer_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal(
            "MEMBER_THERE", "他已经在这个组里。", "He is in this group already.", status=409
        ) from error
    _note(Act.MEMBER_ADDED, by, found, person, role=role)
    return made


def _called_by(phone: str) -> str:
    """As it is dialled."""
    read = read_phone(phone)
    if not read.key or ODD in read.flags:
        raise Refusal(
            "PHONE_MISSING",
            "请填写能打通的电话，座机带区号。",
            "Give a number he answers, a landline with its area code.",
        )
    return read.key


def _person(by: Reach, officer: UUID | None, name: str, phone: str) -> DutyPerson:
    if officer is not None:
        found = posted_within(by).filter(pk=officer).first()
        if found is None:
            raise NotFound(
                "OFFICER_UNKNOWN", "辖区内没有这名工作人员。", "There is no such officer in your area."
            )
        return DutyPerson.objects.update_or_create(
            officer=found, defaults={"name": found.name, "phone": phone}
        )[0]
    name = on_one_line(name, longest=LONGEST_PERSON)
    if not name:
        raise Refusal("NAME_MISSING", "请选择工作人员，或填写姓名。", "Choose an officer, or give a name.")
    return DutyPerson.objects.get_or_create(officer=None, name=name, phone=phone)[0]


@transaction.atomic
def end_membership(*, by: Reach, id: UUID, at: datetime) -> Membership:
    """From now on he is not in the group. Refused while slots of his wait there: they are somebody else's first."""
    by.require("KEEP_DUTY")
    here = Membership.objects.select_for_update(of=("self",)).select_related("group__headquarters", "person")
    found = here.filter(in_sight(by, "group__headquarters__"), is_member(at), pk=id, from_at__lt=at).first()
    if found is None:
        raise NotFound(
            "MEMBER_UNKNOWN", "组里没有这个人，或者已经调出。", "Nobody like that is in the group."
        )
    require_kept(by, found.group.headquarters)
    waiting = DutySlot.objects.filter(
        group=found.group, person=found.person, withdrawn_at=None, state__in=["PLANNED", "ON_DUTY"], ends_at__gt=at
    ).count()  # fmt: skip
    if waiting:
        raise Refusal(
            "MEMBER_ON_DUTY",
            f"他在这个组还有 {waiting} 个值班，请先换人或撤销。",
            f"He still has {waiting} slots in this group: give them to others first.",
            status=409,
        )
    found.until_at, found.ended_by = at, by.officer_id
    found.save(update_fields=["until_at", "ended_by"])
    _note(Act.MEMBER_LEFT, by, found.group, found.person)
    return found


def kept_group(by: Reach, id: UUID) -> WorkGroup:
    """A group whose plan the officer may write."""
    by.require("KEEP_DUTY")
    found = (
        WorkGroup.objects.select_related("headquarters").filter(in_sight(by, "headquarters__"), pk=id).first()
    )
    if found is None:
        raise unknown_group()
    require_kept(by, found.headquarters)
    return found


def unknown_group() -> NotFound:
    return NotFound("GROUP_UNKNOWN", "辖区内没有这个工作组。", "There is no such group in your area.")


def _note(act: Act, by: Reach, group: WorkGroup, person: DutyPerson, **details: str) -> None:
    note(
        act, by=by, subject=f"WORK_GROUP {group.id}", jurisdiction=group.headquarters.lo,
        details={"person": str(person.id), **details},
    )  # fmt: skip
