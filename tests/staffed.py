"""A headquarters with a few people in its groups, and slots for them: nobody here exists."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from lianfang.command.models import DutySlot, Headquarters, Membership, WorkGroup
from lianfang.command.rules.duty import duty_day, duty_day_hours
from lianfang.command.services.duty_plan import plan_slot
from lianfang.command.services.headquarters import add_member, open_headquarters
from lianfang.kernel.reach import Reach
from tests import factories
from tests.factories import HAICHENG

NAME = "海城市疫情防控指挥部"


@dataclass
class Staffed:
    """Headquarters of a division, the desk that keeps its plan, and the moment at which everything happens."""

    headquarters: Headquarters
    keeper: Reach
    at: datetime

    @property
    def today(self) -> date:
        return duty_day(self.at)

    def group(self, code: str = "STATISTICS") -> WorkGroup:
        return WorkGroup.objects.get(headquarters=self.headquarters, code=code)

    def member(self, name: str, *, group: str = "STATISTICS", role: str = "MEMBER", phone: str = "") -> UUID:
        """Somebody without an account; his telephone follows from his name."""
        number = phone or f"1390000{sum(map(ord, name)) % 10_000:04d}"
        made = add_member(
            by=self.keeper, group=self.group(group).id, role=role, name=name, phone=number, at=self.at
        )
        return made.person_id

    def officer(
        self, name: str, *, group: str = "STATISTICS", role: str = "TOWNSHIP_DESK"
    ) -> tuple[Reach, UUID]:
        """An officer with an account in a group: his session, and who he is on duty."""
        officer = factories.officer(role, self.headquarters.division, name=name)
        made = add_member(
            by=self.keeper, group=self.group(group).id, role="MEMBER", officer=officer.officer_id,
            phone=f"1390001{sum(map(ord, name)) % 10_000:04d}", at=self.at,
        )  # fmt: skip
        return officer, made.person_id

    def slot(
        self,
        person: UUID,
        *,
        on: date | None = None,
        part: str = "FULL",
        role: str = "DUTY",
        group: str = "STATISTICS",
    ) -> DutySlot:
        return plan_slot(
            by=self.keeper, group=self.group(group).id, person=person, on=on or self.today, part=part, role=role, at=self.at
        )  # fmt: skip


def staffed(
    division: str = HAICHENG, *, at: datetime, role: str = "COUNTY_DESK", name: str = NAME
) -> Staffed:
    keeper = factories.officer(role, division if role != "COUNTY_DESK" else division[:6], name="排班员")
    made = open_headquarters(by=keeper, division=division, name=name, at=at - timedelta(days=30))
    return Staffed(made, keeper, at)


def noon(at: datetime) -> datetime:
    """The middle of the duty day that runs: hours before and after it are of the same day."""
    return duty_day_hours(duty_day(at)).begins_at + timedelta(hours=4)


def members(of: Staffed) -> list[str]:
    rows = Membership.objects.filter(group__headquarters=of.headquarters, until_at=None)
    return sorted(rows.values_list("person__name", flat=True))
