"""An address as somebody gave it, read against a city's register: which divisions it may mean, by which of its words."""

from lianfang.regions.addresses.facts import (
    AddressRead,
    AliasHeld,
    Doubt,
    How,
    Likeness,
    PlaceProposal,
    WordsRead,
)
from lianfang.regions.addresses.names import CityNames
from lianfang.regions.addresses.place_words import is_teachable
from lianfang.regions.addresses.reading import read_address

__all__ = [
    "AddressRead",
    "AliasHeld",
    "CityNames",
    "Doubt",
    "How",
    "Likeness",
    "PlaceProposal",
    "WordsRead",
    "is_teachable",
    "read_address",
]
