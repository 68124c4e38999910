"""A row of a list of responsible persons or grid staff, and what became of it: every row read is accounted for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from lianfang.command.rules.responsibility import DEPUTY, OVERLAY_KINDS, PRINCIPAL, RESPONSIBLE_KINDS
from lianfang.kernel.refusals import Refusal

ACCEPTED, FLAGGED, REFUSED = "ACCEPTED", "FLAGGED", "REFUSED"


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """What a row says. `line`: where it stands in the file; `problem`: what the file itself made unreadable.

    `unit`: unit and title of an official, home unit of grid staff; `title`: what an overlay is called; `taken`: the person
    has said yes.
    """

    line: int
    place: str
    kind: str
    name: str
    phone: str
    unit: str = ""
    title: str = ""
    duties: tuple[str, ...] = ()
    taken: bool = False
    problem: Refusal | None = None

    def stands_as(self, division: str) -> tuple[str, ...]:
        """What there is one of: a principal, a deputy of a name, an overlay of a title, somebody of a name in a grid."""
        if self.kind == PRINCIPAL:
            return (division, PRINCIPAL)
        if self.kind == DEPUTY:
            return (division, DEPUTY, self.name)
        if self.kind in OVERLAY_KINDS:
            return (division, self.kind, self.title)
        return (division, "STAFF", self.name)

    @property
    def is_official(self) -> bool:
        return self.kind in RESPONSIBLE_KINDS


class RowOutcome(NamedTuple):
    """What became of a row. `reason`: why it was refused, or what is odd about it though it was taken."""

    line: int
    state: str
    reason: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Accounted:
    """Every row read: accepted, accepted with a flag, or refused."""

    rows: tuple[RowOutcome, ...]

    def of(self, state: str) -> tuple[RowOutcome, ...]:
        return tuple(row for row in self.rows if row.state == state)

    def counts(self) -> dict[str, int]:
        states = (ACCEPTED, FLAGGED, REFUSED)
        return {"read": len(self.rows), **{state.lower(): len(self.of(state)) for state in states}}


def place_read(said: str, found: Iterable[str], paths: Iterable[str]) -> Refusal | None:
    """What stands in the way of taking the place: nothing was found, or several were. None: there is exactly one."""
    codes = list(found)
    if len(codes) == 1:
        return None
    if not codes:
        return Refusal(
            "PLACE_UNKNOWN",
            f"没有找到“{said}”：请写全名称、上级加名称，或区划代码。" if said else "没有写地方。",
            f"No place called “{said}” was found: write it in full, with what it lies in, or its code.",
        )
    several = "、".join(list(paths)[:4])
    return Refusal(
        "PLACE_AMBIGUOUS",
        f"“{said}”有 {len(codes)} 处：{several}{' 等' if len(codes) > 4 else ''}。请写上级加名称，或区划代码。",
        f"“{said}” may be {len(codes)} places: {several}. Write what it lies in as well, or its code.",
    )
