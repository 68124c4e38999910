"""Which city this is: the smallest division in which all border checkpoints lie, as the board counts them all."""

from lianfang.checkpoints.models import Checkpoint
from lianfang.kernel.divisions import lineage
from lianfang.kernel.reach import Reach


def city_code(reach: Reach) -> str | None:
    """A code of county level or above; None when there is no checkpoint, or when they share not even a province."""
    if not reach.may("VIEW_WALL") and not reach.may(
        "VIEW_REFERRALS"
    ):  # a screen may see the wall and nothing else
        reach.require("VIEW_BOARD")
    return whole_city()


def whole_city() -> str | None:
    """The same for whoever has no desk, such as a grid worker's phone: where a city ends is no secret."""
    borders = Checkpoint.objects.filter(tier=Checkpoint.Tier.BORDER, closed_at=None)
    lines = [lineage(code)[:3] for code in borders.values_list("division", flat=True).distinct()]
    shared = [code for code in lines[0] if all(code in line for line in lines)] if lines else []
    return shared[-1] if shared else None
