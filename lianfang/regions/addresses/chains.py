"""Names of an address read one after the other, each lying in the one before: the chains that explain most of it. Pure."""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from lianfang.kernel.divisions import LEVELS, level, lineage, prefix
from lianfang.regions.addresses.facts import How, WordsRead
from lianfang.regions.addresses.names import CityNames, Spelling
from lianfang.regions.addresses.place_words import unread

_WEIGHT = {How.NAME: 2, How.ALIAS: 2, How.SPOKEN: 1}
# A farm and the only unit in it are called the same; whatever is said more often is not read again.
TWICE = 2
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Chain:
    """`spans`: where the words of each name stand. `score`: how much of the text is explained, less what was skipped."""

    code: str = ""
    reads: tuple[WordsRead, ...] = ()
    spans: tuple[Span, ...] = ()
    score: int = 0

    @property
    def end(self) -> int:
        return self.spans[-1][1] if self.spans else 0

    @property
    def depth(self) -> int:
        """The level of what it leads to, 0 for a province; -1 of none."""
        return depth_of(self.code) if self.code else -1

    @property
    def explained(self) -> int:
        return sum(end - start for start, end in self.spans)

    def gaps(self, text: str) -> list[str]:
        """The text before and between the names."""
        ends = [0, *(end for _, end in self.spans)]
        return [text[end:start] for end, (start, _) in zip(ends, self.spans, strict=False)]

    def then(self, read: WordsRead, start: int, end: int, score: int = 0) -> "Chain":
        return Chain(read.code, (*self.reads, read), (*self.spans, (start, end)), self.score + score)


class Match(NamedTuple):
    """A name as it stands in the text."""

    start: int
    end: int
    spelling: Spelling


def depth_of(code: str) -> int:
    return LEVELS.index(level(code))


def matches(names: CityNames, text: str, *, under: str = "", start: int = 0) -> list[Match]:
    """Every name of a division that stands in the text, in the order of their beginnings, each TWICE at most."""
    digits = prefix(under) if under else ""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for at in range(start, len(text)):
        for one in names.at(text, at):
            if one.code.startswith(digits) and seen[one.words, one.code] < TWICE:
                seen[one.words, one.code] += 1
                found.append(Match(at, at + len(one.words), one))
    return found


def chains(names: CityNames, text: str, begun: Chain) -> list[Chain]:
    """Those going on from `begun` that explain most; all of them, where several divisions share the words."""
    ended, waiting, best = {begun.code: begun}, list[Chain](), [begun]
    for match in matches(names, text, under=begun.code, start=begun.end):
        for chain in (one for one in waiting if one.end <= match.start):
            held = ended.get(chain.code)
            if held is None or held.score < chain.score:
                ended[chain.code] = chain
        waiting = [one for one in waiting if one.end > match.start]
        joined = _joined(ended, match, text)
        if joined is not None:
            waiting.append(joined)
            if joined.score >= best[0].score:
                best = [joined] if joined.score > best[0].score else [*best, joined]
    return best


def _joined(ended: dict[str, Chain], match: Match, text: str) -> Chain | None:
    """The match after the best chain to something in which it lies. An alias may say again what was named already."""
    one = match.spelling
    above = lineage(one.code)[: None if one.how == How.ALIAS else -1]
    fitting = [chain for code in ("", *above) if (chain := ended.get(code)) and chain.end <= match.start]
    if not fitting:
        return None
    read = WordsRead(one.words, one.code, one.name, one.how, one.alias)
    before = max(fitting, key=lambda chain: (chain.score, chain.depth))
    skipped = len(unread(text[before.end : match.start]))
    return before.then(read, *match[:2], _WEIGHT[one.how] * len(one.words) - skipped)
