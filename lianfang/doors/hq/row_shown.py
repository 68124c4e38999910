"""What stands of a row, as its page shows it: numbers and addresses masked, places by name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lianfang.checkpoints.models import Registration
from lianfang.checkpoints.opening import Standing
from lianfang.checkpoints.queries.lists import occurred_at
from lianfang.checkpoints.queries.paper import RowFile
from lianfang.kernel.masking import OPENED
from lianfang.regions.queries import names


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """One of the people of a row's vehicle."""

    name: str
    document_type: str
    document: str
    phone: str
    origin: str
    destination: str
    celsius_tenths: int | None
    temperature_state: str | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowShown:
    """The vehicle and its people. `is_open` is False when what was typed cannot be read any more."""

    rows: tuple[int, ...]
    passage_id: UUID
    is_open: bool
    occurred_at: datetime
    plate: str
    direction: str
    transport: str
    officer: str
    flags: tuple[str, ...]
    corrected: bool
    people: tuple[PersonSeen, ...]

    @classmethod
    def of(cls, stands: RowFile) -> "RowShown":
        vehicle, on = stands.vehicle, stands.vehicle.day
        codes = [one.fact(name) for one in stands.people for name in ("from_code", "destination_code")]
        named = names([code for code in codes if code], on)
        return cls(
            rows=stands.rows,
            passage_id=vehicle.row.id,
            is_open=stands.is_open,
            occurred_at=occurred_at(vehicle),
            plate=vehicle.fields.get("plate") or "",
            direction=vehicle.fact("direction"),
            transport=vehicle.fact("transport"),
            officer=vehicle.fields.get("officer") or vehicle.row.officer or "",
            flags=vehicle.flags,
            corrected=vehicle.corrected or any(one.corrected for one in stands.people),
            people=tuple(_person(one, named) for one in stands.people),
        )


def _person(person: Standing[Registration], named: dict[str, Any]) -> PersonSeen:
    fields, fact = person.fields, person.fact
    origin, destination = fact("from_code"), fact("destination_code")
    address = OPENED.address((fields.get("destination") or {}).get("address"))
    written = OPENED.text((fields.get("answers") or {}).get("paper_from"))
    return PersonSeen(
        name=OPENED.name(fields.get("name")),
        document_type=fact("document_type"),
        document=OPENED.document((fields.get("document") or {}).get("number")),
        phone=OPENED.phone(fields.get("phone")),
        origin=named.get(origin, origin or written),
        destination=" ".join(filter(None, (named.get(destination, destination), address))),
        celsius_tenths=fact("celsius_tenths"),
        temperature_state=fact("temperature_state"),
        flags=person.flags,
    )
