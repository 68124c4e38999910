"""Who passes again and again: commuters, the same plate and people morning and evening, and the lorries of a route."""

from dataclasses import dataclass
from random import Random

from lianfang.demo.checkpoints import Gate

MORNING, EVENING = (6, 7, 8), (16, 17, 18)
_COMMUTING = 0.45  # of the cars in the rush of a workday
_ON_A_ROUTE = 0.35  # of lorries
_SIZES = (1, 1, 2, 1, 1, 1, 2, 1, 3, 1)
_LORRIES = 150
_AWAY_MS, _FEW_MINUTES_MS = 9 * 3_600_000, 2_400_000


@dataclass(frozen=True, slots=True)
class Regular:
    """The n-th regular of a gate. Commuters with an even number work here and live elsewhere, the others live here."""

    gate: Gate
    transport: str
    number: int
    size: int

    @property
    def commutes(self) -> bool:
        return self.transport == "CAR"

    @property
    def lives_here(self) -> bool:
        return self.commutes and self.number % 2 == 1

    def other_way(self, millis: int) -> int:
        """When a commuter who comes in at this moment goes out: after work, or before it if he lives here."""
        away = _AWAY_MS + millis % _FEW_MINUTES_MS
        return millis - away if self.lives_here else millis + away


@dataclass(slots=True)
class Regulars:
    """Those of one gate. Commuters take turns within a rush, so that nobody comes in twice a morning."""

    gate: Gate
    turns: list[int]

    def due(self, transport: str, hour: int, *, workday: bool, chance: Random) -> Regular | None:
        """The regular who stops now, if it is one."""
        if transport == "TRUCK" and chance.random() < _ON_A_ROUTE:
            number = int(chance.random() * _LORRIES)
            return Regular(self.gate, "TRUCK", number, 2 if number % 5 == 0 else 1)
        evening = hour in EVENING
        if (
            transport != "CAR"
            or not workday
            or not (evening or hour in MORNING)
            or chance.random() > _COMMUTING
        ):
            return None
        number = self.turns[evening]
        self.turns[evening] += 2
        return Regular(self.gate, "CAR", number, _SIZES[number // 2 % len(_SIZES)])
