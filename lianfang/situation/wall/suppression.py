"""Small cells below province: who came alone from a county could be recognised by it. Pure."""

from collections import defaultdict
from collections.abc import Callable, Mapping

SMALLEST_SHOWN = 5


def suppressed(cells: Mapping[str, int], group_of: Callable[[str], str]) -> dict[str, int]:
    """The cells that may be shown, the most people first.

    Everybody may know the total of a group (a province, or a county of its townships). So no shown cell is smaller
    than SMALLEST_SHOWN, and neither is what is left of a group's total when its shown cells are subtracted.
    """
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for code, people in cells.items():
        groups[group_of(code)][code] = people
    kept = {code: people for group in groups.values() for code, people in shown_of(group).items()}
    return dict(sorted(kept.items(), key=lambda cell: (-cell[1], cell[0])))


def shown_of(group: Mapping[str, int]) -> dict[str, int]:
    """The same for one group whose total is known: its smallest shown cells go until the rest is large enough."""
    kept = sorted((people, code) for code, people in group.items() if people >= SMALLEST_SHOWN)
    rest = sum(people for people in group.values() if people < SMALLEST_SHOWN)
    while kept and 0 < rest < SMALLEST_SHOWN:
        people, _ = kept.pop(0)
        rest += people
    return {code: people for people, code in kept}
