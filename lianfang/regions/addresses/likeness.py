"""In what two names resemble each other, where they do: a table of kinds, since whoever decides has to be told why. Pure.

A distance would say how far apart two names are, and not in what; and a hundred villages lie one character apart.
"""

from collections.abc import Callable, Iterator

from lianfang.regions.addresses.facts import Likeness

_BEFORE = frozenset("大小前后上下东西南北中新老")
# Of two characters, one that is another leaves nothing alike: 王家 and 李家.
_LONG = 3


def likeness(one: str, other: str, sounds: Callable[[str], str]) -> Likeness | None:
    """How two stems resemble each other, the plainest first; None where they do not. `sounds`: how a name is read."""
    if one == other:
        return Likeness.ENDING
    if len(one) == len(other):
        return _as_long(one, other, sounds)
    if abs(len(one) - len(other)) == 1:
        return _one_more(*sorted((one, other), key=len))
    return None


def keys(stem: str) -> Iterator[str]:
    """What a name is found by among thousands: two that resemble each other share one of these."""
    yield stem
    yield "~" + "".join(sorted(stem))
    for at in range(len(stem)):
        yield stem[:at] + stem[at + 1 :]


def _as_long(one: str, other: str, sounds: Callable[[str], str]) -> Likeness | None:
    differ = [at for at in range(len(one)) if one[at] != other[at]]
    if len(differ) == 2 and sorted(one) == sorted(other):
        return Likeness.SWAPPED
    if len(differ) == 1:
        at = differ[0]
        if {one[at], other[at]} <= _BEFORE and at == 0:
            return Likeness.PREFIX
        if len(one) >= _LONG:
            return Likeness.ONE_OTHER
    return Likeness.SOUND if sounds(one) == sounds(other) else None


def _one_more(shorter: str, longer: str) -> Likeness | None:
    at = next((at for at in range(len(longer)) if longer[:at] + longer[at + 1 :] == shorter), None)
    if at is None:
        return None
    begins_so = at == 0 or (at == 1 and longer[0] in _BEFORE)
    if longer[at] in _BEFORE and begins_so:
        return Likeness.PREFIX
    return Likeness.ONE_MORE if len(shorter) >= _LONG else None
