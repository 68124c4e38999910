"""What reading an address yields: words and what they were read as, proposals with their doubts, and what is left over."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from lianfang.kernel.divisions import level


class How(StrEnum):
    """How some words of an address came to mean a division."""

    NAME = "NAME"  # as the register has it
    SPOKEN = "SPOKEN"  # without 村, 镇 …, or without the peoples in a township's name
    ALIAS = "ALIAS"
    LOOK_ALIKE = "LOOK_ALIKE"
    ONLY_ONE = "ONLY_ONE"  # nothing said so, but the division above has no other


class Likeness(StrEnum):
    """In what a name that is not in the register resembles one that is."""

    SWAPPED = "SWAPPED"  # 安中 / 中安
    PREFIX = "PREFIX"  # 五粮 / 前五粮, 小五旗 / 大五旗
    ONE_OTHER = "ONE_OTHER"  # one character is another
    ONE_MORE = "ONE_MORE"  # one character more or fewer
    SOUND = "SOUND"  # read alike
    ENDING = "ENDING"  # 西柳屯 / 西柳村


class Doubt(StrEnum):
    """Why somebody has to look before a proposal is followed. One without any is exact."""

    SEVERAL = "SEVERAL"  # other divisions fit as well
    LIKENESS = "LIKENESS"
    GAP = "GAP"  # words before or between the names were not understood
    TWO_PLACES = "TWO_PLACES"  # the address names two divisions, neither of which lies in the other
    ALONE = "ALONE"  # nothing says in which county, or for an alias in which township
    TOLD_OTHERWISE = "TOLD_OTHERWISE"  # he said at the checkpoint that he is headed elsewhere
    ZONE = "ZONE"  # a zone's name, which is no division


class AliasHeld(NamedTuple):
    """A name that people use for a division. `taught_by`: the officer who confirmed it; None where it came with the register."""

    code: str
    alias: str
    kind: str
    taught_by: UUID | None = None
    taught_at: datetime | None = None


class WordsRead(NamedTuple):
    """Some words of the address, and the division they were read as. `name` is how the register says it."""

    words: str
    code: str
    name: str
    how: How
    alias: AliasHeld | None = None
    likeness: Likeness | None = None


@dataclass(frozen=True, slots=True)
class PlaceProposal:
    """A division that the address may mean, down to the smallest that its words make certain.

    `left_over` follows what was read. `teaches`: a word that only resembles a name, and the division it means if this
    proposal is right; None where there is none.
    """

    code: str
    reads: tuple[WordsRead, ...]
    doubts: tuple[Doubt, ...]
    left_over: str
    teaches: tuple[str, str] | None

    @property
    def level(self) -> str:
        return level(self.code)

    @property
    def is_exact(self) -> bool:
        """The only one, and every word of it was read as the register or people have it."""
        return not self.doubts


@dataclass(frozen=True, slots=True)
class AddressRead:
    """What was made of an address. Of several proposals none is preferred: which is meant must be asked.

    `zones`: functional zones that it names (滨海新区): organisations, no divisions. `unknown`: words that look like a
    place's name, of which the register knows none. `beyond`: the city or county elsewhere that it names. `hamlet`: a
    place in a village which the register does not have, and which may be taught. `more`: more fit than are listed.
    """

    proposals: tuple[PlaceProposal, ...] = ()
    zones: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    beyond: str = ""
    hamlet: str = ""
    more: bool = False

    @property
    def certain(self) -> PlaceProposal | None:
        """The one proposal, if there is one and nothing speaks against it."""
        return self.proposals[0] if len(self.proposals) == 1 and self.proposals[0].is_exact else None
