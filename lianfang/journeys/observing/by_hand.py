"""An officer puts somebody under observation whose file he sees; and who belongs on one slip with him."""

from datetime import datetime
from uuid import UUID

from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound
from lianfang.people.models import StayInHousehold
from lianfang.people.queries import person_file
from lianfang.people.queries.kept import kept_of
from lianfang.quarantine.models import QuarantineOrder, QuarantineReason
from lianfang.quarantine.queries.orders import files_of_one, orders_of_person, standing_orders
from lianfang.quarantine.services import OrderReason, WrittenBeside, add_reason, order
from lianfang.quarantine.services.printing import MOST
from lianfang.referrals.models import Referral


def order_by_hand(
    *,
    by: Reach,
    at: datetime,
    id: UUID,
    person: UUID,
    division: str,
    why: OrderReason,
    kind: str,
    written: WrittenBeside | None = None,
) -> QuarantineOrder:
    """An order for whoever's file this is, or a further reason of the one that stands for him under another of his files."""
    by.require("KEEP_QUARANTINE")
    with reach(by) as seen:
        if person_file(seen, person, at=at) is None:
            raise NotFound("FILE_UNKNOWN", "辖区内没有这份档案。", "There is no such file in your area.")
        stands = next((one for one in orders_of_person(seen, person) if one.ended_at is None), None)
        if stands is not None and stands.id != id:
            return add_reason(by=seen, at=at, id=id, order=stands.id, why=why, written=written)
        kept = kept_of([person]).get(person, person)
        return order(
            by=seen, at=at, id=id, person=kept, division=division, why=why, kind=kind, written=written
        )


def together(seen: Reach, found: QuarantineOrder) -> list[QuarantineOrder]:
    """Whose orders may stand on one slip with this one: his household's, and of those who came in the same car whoever is
    headed for the same place. The order itself comes first. Inside `reach()`.
    """
    people = _living_with(found.person_id) | _came_with(found)
    listed = [one for one in standing_orders(seen, people) if one.id != found.id]
    return [found, *(one for one in listed if one.division == found.division)][:MOST]


def _living_with(person: UUID) -> set[UUID]:
    files = files_of_one([person])[person]
    homes = StayInHousehold.objects.filter(person__in=files, until_at=None).values("household")
    stays = StayInHousehold.objects.filter(household__in=homes, until_at=None)
    return set(stays.values_list("person_id", flat=True)) - files


def _came_with(found: QuarantineOrder) -> set[UUID]:
    reasons = QuarantineReason.objects.filter(order_id=found.id, kind="RULE").values("reference")
    cars = Referral.objects.filter(pk__in=reasons).values("passage_id")
    people = Referral.objects.filter(passage_id__in=cars).values_list("person_id", flat=True)
    return {id for id in people if id is not None and id != found.person_id}
