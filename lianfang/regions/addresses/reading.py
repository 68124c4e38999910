"""Reading an address: the names that explain most of it, what the words next to them may mean, and what is doubtful. Pure.

Where several divisions fit, all are proposed; where a word is no name, the names that resemble it are. Nothing is
preferred silently.
"""

from dataclasses import replace

from lianfang.kernel.divisions import at_level, canonical, is_code, lineage
from lianfang.regions.addresses.chains import Chain, chains, depth_of, matches
from lianfang.regions.addresses.doubting import doubts
from lianfang.regions.addresses.facts import AddressRead, Doubt, How, PlaceProposal, WordsRead
from lianfang.regions.addresses.names import CityNames, grid_names
from lianfang.regions.addresses.place_words import (
    folded,
    hamlet,
    is_han,
    is_teachable,
    left_over,
    place_word,
    unread,
    zones,
)

MOST = 20
COUNTY, TOWNSHIP, VILLAGE = depth_of("210727"), depth_of("210727101"), depth_of("210727101202")


def read_address(names: CityNames, text: str, told: str | None = None) -> AddressRead:
    """The divisions that an address may mean. `told`: the code of where he said he is headed, which narrows names that
    several divisions share. Any text at all gives an answer.
    """
    whole, within = folded(text), canonical(told) if told and is_code(told) else ""
    zoned, said = _without_zones(names, whole)
    begun = [_gap_explained(names, said, chain) for chain in chains(names, said, Chain())]
    found = [longer for chain in begun for longer in _further(names, said, chain, within)]
    best = _narrowed(_best_explained(found), within)
    others = _others(names, said, best)
    listed = _distinct([*best, *others])
    beyond = (
        ""
        if any(chain.depth >= COUNTY for chain in listed)
        else names.elsewhere(_after_the_province(said, best))
    )
    if beyond:
        return AddressRead(zones=zoned, beyond=beyond)
    proposals = [_proposal(said, chain, within, len(listed), bool(others)) for chain in listed[:MOST]]
    return AddressRead(
        proposals=tuple(one for one in proposals if _says_more(one.code, within)) or _of_zones(names, zoned),
        zones=zoned,
        unknown=_unknown(said, listed),
        hamlet=_hamlet(names, said, best, within),
        more=len(listed) > MOST,
    )


def _without_zones(names: CityNames, text: str) -> tuple[tuple[str, ...], str]:
    """The zones that are named, and the text with marks in their place: their words are no names of divisions."""
    known = [(at, at + len(zone)) for zone in names.zones if (at := text.find(zone)) >= 0]
    found = [*known, *zones(_marked(text, known))]
    spans = [span for span in found if not _is_part_of_a_name(names, text, span)]
    return tuple(dict.fromkeys(text[start:end] for start, end in spans)), _marked(text, spans)


def _marked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "·" * (end - start) + text[end:]
    return text


def _is_part_of_a_name(names: CityNames, text: str, span: tuple[int, int]) -> bool:
    start, end = span
    return any(
        one.how == How.NAME and at + len(one.words) >= end for at in range(start, end) for one in names.at(text, at)
    )  # fmt: skip


def _further(names: CityNames, text: str, chain: Chain, within: str, tries: int = 2) -> list[Chain]:
    """On to what the words after the chain may mean: names that resemble them, and grids."""
    if chain.depth >= VILLAGE:
        return [_down_to_grids(names, text, chain)]
    word, ends = place_word(text[chain.end :])
    if not word or not tries:
        return [chain]
    start, end = chain.end + ends - len(word), chain.end + ends
    found = []
    for one in names.alike(word, chain.code or within)[: MOST + 1]:
        read = WordsRead(word, one.code, one.name, How.LOOK_ALIKE, None, one.likeness)
        for longer in chains(names, text, chain.then(read, start, end)):
            found += _further(names, text, longer, within, tries - 1)
    return found[: MOST + 1] or [chain]


def _down_to_grids(names: CityNames, text: str, chain: Chain) -> Chain:
    """To the grid that is named, or is the only one."""
    while below := names.below(chain.code):
        rest = text[chain.end :]
        named = [(len(said), code, said) for code, name in below for said in grid_names(name) if said in rest]
        if named:
            _, code, words = max(named)
            start = chain.end + rest.index(words)
            chain = chain.then(WordsRead(words, code, names.name(code), How.NAME), start, start + len(words))
        elif len(below) == 1:
            code = below[0][0]
            chain = chain.then(WordsRead("", code, names.name(code), How.ONLY_ONE), chain.end, chain.end)
        else:
            break
    return chain


def _gap_explained(names: CityNames, text: str, chain: Chain) -> Chain:
    """A word before a name, which resembles that of something the name lies in, was meant for it (安中镇 before 前五粮村);
    a single character belongs to the name, which then only resembles it (小 before 全善堡村).
    """
    for at, gap in enumerate(chain.gaps(text)):
        read, (start, end) = chain.reads[at], chain.spans[at]
        if len(unread(gap)) == 1 and is_han(gap, len(gap) - 1) and depth_of(read.code) >= TOWNSHIP:
            alike = [one for one in names.alike(gap[-1] + read.words, "") if one.code == read.code]
            if alike:
                longer = WordsRead(
                    gap[-1] + read.words, read.code, read.name, How.LOOK_ALIKE, None, alike[0].likeness
                )
                return _with(chain, at, at + 1, longer, (start - 1, end))
        word, ends = place_word(gap)
        if not word or left_over(gap) != word:
            continue
        above, named = lineage(read.code)[:-1], {other.code for other in chain.reads}
        fitting = [one for one in names.alike(word, "") if one.code in above and one.code not in named]
        if fitting:
            meant = WordsRead(
                word, fitting[0].code, fitting[0].name, How.LOOK_ALIKE, None, fitting[0].likeness
            )
            begins = start - len(gap) + ends - len(word)
            return _with(chain, at, at, meant, (begins, begins + len(word)))
    return chain


def _with(chain: Chain, first: int, last: int, read: WordsRead, span: tuple[int, int]) -> Chain:
    """The chain with a name instead of those from `first` up to `last`."""
    reads, spans = (
        (*chain.reads[:first], read, *chain.reads[last:]),
        (*chain.spans[:first], span, *chain.spans[last:]),
    )
    return replace(chain, reads=reads, spans=spans)


def _best_explained(found: list[Chain]) -> list[Chain]:
    most = max((chain.explained for chain in found), default=0)
    return [chain for chain in found if chain.reads and chain.explained == most]


def _narrowed(found: list[Chain], within: str) -> list[Chain]:
    """Of a name that several share, those that lie where he said he is headed."""
    return [chain for chain in found if within in lineage(chain.code)] or found if within else found


def _others(names: CityNames, text: str, best: list[Chain]) -> list[Chain]:
    """Other places that the address names as plainly, apart from the first and neither in it nor around it."""
    if not best:
        return []
    taken = [span for chain in best for span in chain.spans]
    lines = {code for chain in best for code in lineage(chain.code)}
    ends = {chain.code for chain in best}
    counties = {at_level(read.code, "COUNTY") for chain in best for read in chain.reads} - {None}
    found = []
    for start, end, one in matches(names, text):
        apart = all(before <= start or end <= after for after, before in taken)
        related = one.code in lines or not ends.isdisjoint(lineage(one.code))
        if (
            one.how == How.NAME
            and apart
            and not related
            and _is_rival(one.code, best[0].depth, counties, best)
        ):
            found.append(Chain().then(WordsRead(one.words, one.code, one.name, one.how), start, end))
    longest = {chain.spans[0] for chain in found}
    return [chain for chain in found if not any(_inside(chain.spans[0], other) for other in longest)]


def _is_rival(code: str, reached: int, counties: set[str | None], best: list[Chain]) -> bool:
    """A village of another county than the one that is named is a village of the same name, which the register lacks."""
    depth = depth_of(code)
    if depth < VILLAGE:
        return depth >= COUNTY
    says_county = any(depth_of(read.code) == COUNTY for chain in best for read in chain.reads)
    return reached < VILLAGE and (at_level(code, "COUNTY") in counties or not says_county)


def _inside(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]


def _distinct(found: list[Chain]) -> list[Chain]:
    """Each division once; one around another, which the same words mean, is left to the other."""
    kept: dict[str, Chain] = {}
    for chain in found:
        held = kept.get(chain.code)
        if held is None or held.score < chain.score:
            kept[chain.code] = chain
    around = {
        above for chain in kept.values() for above in lineage(chain.code)[:-1]
        if above in kept and kept[above].spans == chain.spans and chain.reads[-1].how == How.ALIAS
    }  # fmt: skip
    return [kept[code] for code in sorted(kept) if code not in around]


def _proposal(text: str, chain: Chain, within: str, several: int, two_places: bool) -> PlaceProposal:
    unlike = [read for read in chain.reads if read.how == How.LOOK_ALIKE and is_teachable(read.words)]
    return PlaceProposal(
        code=chain.code,
        reads=chain.reads,
        doubts=doubts(chain, text, within, several=several > 1, two_places=two_places),
        left_over=left_over(text[chain.end :]),
        teaches=(unlike[-1].words, unlike[-1].code) if unlike else None,
    )


def _says_more(code: str, within: str) -> bool:
    """A proposal of where he is headed anyway, or of something larger, proposes nothing."""
    return code not in lineage(within) if within else depth_of(code) >= COUNTY


def _of_zones(names: CityNames, zoned: tuple[str, ...]) -> tuple[PlaceProposal, ...]:
    """Where nothing else is named: the divisions of which it is known that the zone has streets there."""
    return tuple(
        PlaceProposal(
            alias.code, (WordsRead(zone, alias.code, names.name(alias.code), How.ALIAS, alias),), (Doubt.ZONE,), "", None
        )
        for zone in zoned
        for alias in names.zones.get(zone, ())
    )  # fmt: skip


def _unknown(text: str, listed: list[Chain]) -> tuple[str, ...]:
    """Words like a place's name that no proposal could read, next to those that it could."""
    if any(chain.depth >= VILLAGE for chain in listed):
        return ()
    words = (place_word(text[chain.end :])[0] for chain in listed or [Chain()])
    return tuple(dict.fromkeys(word for word in words if word))


def _hamlet(names: CityNames, text: str, best: list[Chain], within: str) -> str:
    """The place below the register that follows the village, or that is all there is of an address in a village."""
    ends = {chain.end for chain in best} or {0}
    depth = max([chain.depth for chain in best] + [depth_of(within) if within else -1])
    if depth != VILLAGE or len(ends) > 1:
        return ""
    last = best[0].reads[-1] if best else None
    if last and last.how == How.ALIAS and len(names.below(last.code)) > 1:
        return last.words if is_teachable(last.words) else ""
    return hamlet(text[max(ends) :])


def _after_the_province(text: str, best: list[Chain]) -> str:
    """The text without the province that this city lies in as well."""
    provinces = [c.end for c in best if c.depth == 0 and not unread(text[: c.spans[0][0]])]
    return left_over(text[provinces[0] :] if provinces else text)
