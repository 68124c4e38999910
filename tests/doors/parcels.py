"""Strategies for what phones send: made from the contract's shapes, so that a new field is tried without being named."""

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

import msgspec
from hypothesis import strategies as st

from lianfang.checkpoints.intake import shapes
from lianfang.kernel.ids import uuid7

# Everything UTF-8 can write, and what people's phones add to it: emoji, ZWJ families, right-to-left marks, full width.
ODD = (
    "", " ", "👨‍👩‍👧‍👦", "👶🏽宝", "\u202e辽C12345", "２１０３８１", "é́", "𠮷野家", "\\u0000", '"}{', "a" * 3_000, "-1", "1e400",
    "\x7f", "\ufeff", "null", "21038119900228001X", "辽C12345", "无牌", "13900001234", "+86 139-0000-1234",
)  # fmt: skip
CODES = ("420106", "21", "2103", "210381101201", "999999", "４２０１０６")
DAYS = ("2020-02-13", "2020-02-30", "20200213", "0001-01-01", "9999-12-31", "2020-W07")
CHOSEN = (
    "IN", "OUT", "CAR", "FOOT", "TRAIN", "HC01", "HC02", "NOWHERE", "PAPER", "MEDICAL", "RESIDENT_ID", "PASSPORT",
    "NONE", "READ", "LOW", "NOT_TAKEN", "COUGH", "F",
)  # fmt: skip


def texts(*, nul: bool = False) -> st.SearchStrategy[str]:
    forbidden = "" if nul else "\0"
    free = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=forbidden), max_size=20)
    return st.one_of(st.sampled_from(ODD + CODES + DAYS + CHOSEN), free)


def numbers() -> st.SearchStrategy[int | float]:
    return st.one_of(
        st.integers(-40, 400),
        st.sampled_from([2**31, 2**63, 2**64 - 1, -(2**63), 10**30]),
        st.floats(allow_nan=False, allow_infinity=False),
        st.sampled_from([36.5, 37.3, 1e308, -1e308, 5e-324]),
    )


def json_values(*, nul: bool = True) -> st.SearchStrategy[Any]:
    leaves = st.one_of(st.none(), st.booleans(), numbers(), texts(nul=nul))
    keys = st.one_of(st.sampled_from(sorted(_NAMES)), st.text("ab\0" if nul else "ab", max_size=3))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=5)),
        max_leaves=12,
    )


def moments() -> st.SearchStrategy[str]:
    """A moment as text: any that a clock might show, with or without an offset."""
    near = st.integers(-40 * 86_400, 3 * 86_400).map(
        lambda seconds: (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    )
    odd = st.sampled_from(
        ["1970-01-01T00:00:00Z", "2099-01-01T00:00:00+08:00", "2020-02-13 08:30", "2020-02-13", "0001-01-02T00:00:00Z"]
    )  # fmt: skip
    return st.one_of(near, odd)


def ids() -> st.SearchStrategy[str]:
    """Fresh ids of any age and version; never the same twice."""
    ages = st.integers(-70, 5).map(lambda days: str(uuid7(at=datetime.now(UTC) + timedelta(days=days))))
    return st.one_of(st.builds(lambda: str(uuid7())), ages, st.builds(lambda: str(uuid4())))


_BY_TYPE: dict[Any, Callable[[], st.SearchStrategy[Any]]] = {
    str: texts,
    int: lambda: st.integers(-(2**70), 2**70),
    float: numbers,
    bool: st.booleans,
    bytes: lambda: st.binary(max_size=80).map(lambda data: b64encode(data).decode()),
    UUID: lambda: st.uuids().map(str),
    NoneType: st.none,
    Any: lambda: json_values(nul=False),
}


def of_type(hint: Any) -> st.SearchStrategy[Any]:
    """Values the contract's type allows, as JSON has them."""
    if hint in _BY_TYPE:
        return _BY_TYPE[hint]()
    if get_origin(hint) is UnionType:
        return st.one_of(*(of_type(part) for part in get_args(hint)))
    if get_origin(hint) is list:
        return st.lists(of_type(get_args(hint)[0]), max_size=3)
    if get_origin(hint) is dict:
        return st.dictionaries(st.text("ab", max_size=2), json_values(nul=False), max_size=3)
    return struct(hint)


def struct(shape: type[msgspec.Struct], **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object of that shape, each optional field present, null or absent; `fixed` fields always there."""
    hints = get_type_hints(shape)
    names = dict(zip(shape.__struct_fields__, shape.__struct_encode_fields__, strict=True))
    optional = {names[field]: of_type(hints[field]) for field in names if names[field] not in fixed}
    return st.fixed_dictionaries(fixed, optional=optional)


_NAMES = {
    name
    for shape in (shapes.Person, shapes.Passage, shapes.Item, shapes.Correction, shapes.Document, shapes.Stay)
    for name in shape.__struct_encode_fields__
}


def people() -> st.SearchStrategy[dict[str, Any]]:
    return struct(shapes.Person, id=ids())


def passages() -> st.SearchStrategy[dict[str, Any]]:
    """A passage of the right types: whatever it says, it can be read."""
    return struct(shapes.Passage, id=ids(), occurred_at=moments(), people=st.lists(people(), max_size=3))


def corrections(of: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """A correction of one passage's or one person's fields, of the right types."""
    fields = st.one_of(struct(shapes.PassageFields), struct(shapes.PersonFields))
    return struct(shapes.Correction, id=ids(), of=of, fields=fields, occurred_at=moments())


@st.composite
def damaged(draw: st.DrawFn, whole: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    """The same with up to three things in it replaced by anything at all, or taken away."""
    value = draw(whole)
    for _ in range(draw(st.integers(1, 3))):
        _damage(draw, value)
    return value


def _damage(draw: st.DrawFn, value: dict[str, Any] | list[Any]) -> None:
    places = list(value) if isinstance(value, dict) else list(range(len(value)))
    if not places:
        return
    place = draw(st.sampled_from(places))
    inner = value[place]
    if isinstance(inner, dict | list) and inner and draw(st.booleans()):
        _damage(draw, inner)
    elif draw(st.booleans()):
        value[place] = draw(json_values())
    else:
        del value[place]
