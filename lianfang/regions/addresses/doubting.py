"""Why somebody has to look before a reading is followed. Pure."""

from lianfang.kernel.divisions import lineage
from lianfang.regions.addresses.chains import Chain, depth_of
from lianfang.regions.addresses.facts import Doubt, How
from lianfang.regions.addresses.place_words import unread

_COUNTY, _TOWNSHIP = depth_of("210727"), depth_of("210727101")


def doubts(chain: Chain, text: str, within: str, *, several: bool, two_places: bool) -> tuple[Doubt, ...]:
    """`within`: where he said he is headed, "" if nowhere. `several`: more than one division fits."""
    found = {
        Doubt.TWO_PLACES: two_places,
        Doubt.SEVERAL: several and not two_places,
        Doubt.LIKENESS: any(read.how == How.LOOK_ALIKE for read in chain.reads),
        Doubt.GAP: any(unread(gap) for gap in chain.gaps(text)),
        Doubt.ALONE: not two_places and _is_alone(chain, within),
        Doubt.TOLD_OTHERWISE: bool(within)
        and within not in lineage(chain.code)
        and chain.code not in lineage(within),
    }
    return tuple(doubt for doubt, holds in found.items() if holds)


def _is_alone(chain: Chain, within: str) -> bool:
    """A name of the register wants its county beside it, an alias its township: many places are called so."""
    small = [read for read in chain.reads if depth_of(read.code) >= _TOWNSHIP and read.how != How.ONLY_ONE]
    if not small:
        return False
    beside = [depth_of(read.code) for read in chain.reads if read.code != small[0].code]
    if within and within in lineage(chain.code):
        beside.append(depth_of(within))
    wanted = min(_TOWNSHIP, depth_of(small[0].code)) if small[0].how == How.ALIAS else _COUNTY
    return max(beside, default=-1) < wanted
