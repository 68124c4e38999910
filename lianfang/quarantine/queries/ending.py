"""One order, for whoever would end or change it."""

from uuid import UUID

from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound
from lianfang.kernel.within import within
from lianfang.quarantine.models import QuarantineOrder


def known(reach: Reach, id: UUID) -> QuarantineOrder:
    """The same sentence whether there is none or it is another county's. Inside `reach()`."""
    reach.require("VIEW_QUARANTINE")
    found = QuarantineOrder.objects.filter(within(reach) | within(reach, "came_from"), pk=id).first()
    if found is None:
        raise NotFound(
            "ORDER_UNKNOWN", "辖区内没有这份隔离观察。", "There is no such quarantine order in your area."
        )
    return found
