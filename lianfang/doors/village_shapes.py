"""What a village's page is shown, what it sends of a household, and what it is answered."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

MOST_AT_HOME = 12

Half = Literal["MORNING", "EVENING"]


class VillageNotice(Struct):
    """A text of the place, or of one above it. The English may be empty."""

    title: str
    body: str
    title_en: str
    body_en: str


class VillagePage(Struct):
    """`day`, `half`: what a report counts for if it is sent now. `call`: whom to ring when somebody is unwell."""

    place: str
    day: str
    half: Half
    most: int
    call: str | None
    notices: list[VillageNotice]


class VillageReported(Struct):
    """`device`: a random id that the page made for itself; it says nothing of the phone or of whoever holds it."""

    id: UUID
    device: Annotated[str, Meta(pattern=r"^[0-9a-zA-Z_-]{22,64}$")]
    people: Annotated[int, Meta(ge=1, le=MOST_AT_HOME)]
    unwell: Annotated[int, Meta(ge=0, le=MOST_AT_HOME)]


class VillageReceipt(Struct):
    status: Literal["ACCEPTED", "DUPLICATE"]
    day: str
    half: Half
    call: str | None
    notices: list[VillageNotice]
