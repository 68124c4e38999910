"""What an address may mean, as the desk shows it: each place with its reasons in words, and the grids one tap away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import level, lineage
from lianfang.kernel.masking import STARS, UNMASKED, Sight
from lianfang.kernel.reach import Reach
from lianfang.referrals.addresses import HAMLET, AddressInHand, addresses_of, is_placed, is_plain, lesson
from lianfang.referrals.models import Referral
from lianfang.referrals.states import Kind, ReferralState, leads_to
from lianfang.referrals.who import officer_names
from lianfang.regions.addresses import CityNames, PlaceProposal, WordsRead
from lianfang.regions.known_names import city_names
from lianfang.regions.queries import paths

BY_VILLAGE = ("VILLAGE", "GRID")  # what is said before the name of something smaller


@dataclass(frozen=True, slots=True)
class WordsShown:
    """Some words and what they were read as; `taught_by`: the name of the officer who taught the alias."""

    read: WordsRead
    taught_by: str


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """A place that he may be headed for. `name`: from the city downwards, `said`: by itself; `grids`: those it is divided into.

    `teaches`: the word that placing him there teaches, "" for none; `teaches_of`: what it then means, "" for
    wherever he is placed; `is_plain`: nothing speaks against teaching it.
    """

    code: str
    name: str
    said: str
    words: list[WordsShown]
    doubts: Sequence[str]
    is_exact: bool
    grids: list[tuple[str, str]]
    teaches: str
    teaches_of: str
    is_plain: bool


@dataclass(frozen=True, slots=True)
class AddressShown:
    """What was made of an address. `left_over`: all of it only where the whole address is seen; `own`: the grids of where he is headed."""

    proposals: list[ProposalShown]
    zones: Sequence[str]
    unknown: Sequence[str]
    beyond: str
    hamlet: str
    left_over: str
    asked: bool
    more: bool
    is_empty: bool
    own: ProposalShown | None

    @property
    def certain(self) -> ProposalShown | None:
        """The one place, if it is the only one and nothing speaks against it."""
        only = self.proposals[0] if len(self.proposals) == 1 else None
        return only if only and only.is_exact and not self.more else None


def wants_a_place(one: Referral) -> bool:
    """Whether his address is looked at again: he is headed for no grid yet, or was not found where he is headed."""
    placed = is_placed(one) and one.state != ReferralState.WRONG_ADDRESS
    return not one.outside and not placed and leads_to(one.state, Kind.PLACED) is not None


def proposals_of(
    seen: Reach, referrals: Sequence[Referral], *, at: datetime, city: str | None, sight: Sight
) -> Mapping[UUID, AddressShown]:
    """Inside `reach()`; as many questions for fifty as for one."""
    wanted = [one for one in referrals if wants_a_place(one)]
    if city is None or not wanted:
        return {}
    names = city_names(city, day_of(at))
    found = addresses_of(seen, wanted, names)
    shown = _Shown.of(seen, city, names, found.values(), at)
    return {one.id: shown.address(found[one.id], one.destination, sight) for one in wanted}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What all addresses of a page are put into words with."""

    seen: Reach
    names: CityNames
    places: Mapping[str, str]
    own: str
    officers: Mapping[UUID, str]

    @classmethod
    def of(
        cls, seen: Reach, city: str, names: CityNames, found: Iterable[AddressInHand], at: datetime
    ) -> "_Shown":
        proposals = [one for each in found for one in each.read.proposals]
        teachers = {read.alias.taught_by for one in proposals for read in one.reads if read.alias}
        places = paths({one.code for one in proposals} | {city}, day_of(at))
        return cls(seen, names, places, places.get(city, ""), officer_names(teachers))

    def address(self, found: AddressInHand, told: str | None, sight: Sight) -> AddressShown:
        read = found.read
        proposals = sorted(
            (self._proposal(found, one) for one in read.proposals), key=lambda one: len(one.doubts)
        )
        rest = next((one.left_over for one in read.proposals), "")
        return AddressShown(
            proposals=proposals,
            zones=read.zones,
            unknown=[word for word in read.unknown if word != read.hamlet],
            beyond=read.beyond,
            hamlet=read.hamlet,
            left_over=rest if sight is UNMASKED else f"{read.hamlet}{STARS}" if rest else "",
            asked=found.asked,
            more=read.more,
            is_empty=not found.text.strip(),
            own=self._own(found, told) if told and not proposals else None,
        )

    def _proposal(self, found: AddressInHand, one: PlaceProposal) -> ProposalShown:
        name = self.places.get(one.code, one.code).removeprefix(self.own)
        words = [WordsShown(read, self.officers.get(_teacher(read), "")) for read in one.reads]  # type: ignore[arg-type]
        return self._shown(found, one.code, name, words, one.doubts)

    def _own(self, found: AddressInHand, told: str) -> ProposalShown | None:
        """Where he is headed, for whose grids the address says nothing."""
        grids = self.names.below(told)
        return (
            self._shown(found, told, self.names.name(told), [], ())
            if grids and level(told) == "VILLAGE"
            else None
        )

    def _shown(
        self, found: AddressInHand, code: str, name: str, words: list[WordsShown], doubts: Sequence[str]
    ) -> ProposalShown:
        grids = self.names.below(code) if level(code) == "VILLAGE" else []
        taught = lesson(found.read, code)
        here = taught is not None and self.seen.covers(taught.code)
        return ProposalShown(
            code=code, name=name, said=self._said(code), words=words, doubts=doubts, is_exact=not doubts, grids=grids,
            teaches=taught.word if taught and here else "",
            teaches_of="" if taught is None or taught.kind == HAMLET else self._said(taught.code),
            is_plain=taught is not None and is_plain(found.read, taught, self.names),
        )  # fmt: skip

    def _said(self, code: str) -> str:
        """全善堡村, 全善堡村第2网格: a grid's number alone says nothing."""
        return "".join(
            self.names.name(step) for step in lineage(code) if step == code or level(step) in BY_VILLAGE
        )


def _teacher(read: WordsRead) -> UUID | None:
    return read.alias.taught_by if read.alias else None
