"""Which city this is: by its border checkpoints, as the board counts them all; for hand-over by its desks as well."""

from collections.abc import Iterable

from lianfang.checkpoints.models import Checkpoint
from lianfang.command.models import Posting
from lianfang.command.roles import ROLES, Permission
from lianfang.kernel.divisions import lineage
from lianfang.kernel.reach import Reach

ANSWERING = [code for code, role in ROLES.items() if Permission.ANSWER_REFERRALS in role.permissions]


def city_code(reach: Reach) -> str | None:
    """The smallest division in which all border checkpoints lie.

    A code of county level or above; None when there is no checkpoint, or when they share not even a province.
    """
    _require(reach)
    return _shared(_borders())


def answering_city(reach: Reach) -> str | None:
    """The smallest one in which the desks that take people over lie too: beyond it others are asked by letter.

    All checkpoints may lie in one county while the next one has a desk of its own.
    """
    _require(reach)
    return whole_city()


def whole_city() -> str | None:
    """The same for whoever has no desk, such as a grid worker's phone: where a city ends is no secret."""
    borders = _borders()
    desks = Posting.objects.filter(role__in=ANSWERING, until_at=None).values_list("division", flat=True)
    return _shared([*borders, *desks.distinct()]) if borders else None


def _require(reach: Reach) -> None:
    """Whoever sees the wall, hand-over or the board; a screen may see the wall and nothing else."""
    if not reach.may("VIEW_WALL") and not reach.may("VIEW_REFERRALS"):
        reach.require("VIEW_BOARD")


def _borders() -> list[str]:
    borders = Checkpoint.objects.filter(tier=Checkpoint.Tier.BORDER, closed_at=None)
    return list(borders.values_list("division", flat=True).distinct())


def _shared(codes: Iterable[str]) -> str | None:
    lines = [lineage(code)[:3] for code in codes]
    shared = [code for code in lines[0] if all(code in line for line in lines)] if lines else []
    return shared[-1] if shared else None
