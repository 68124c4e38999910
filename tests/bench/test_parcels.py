from datetime import UTC, datetime
from uuid import UUID

import pytest

from lianfang.bench.installation import BenchDevice
from lianfang.bench.parcels import Parcels, Request, new_id
from lianfang.checkpoints.intake.reading import ReadParcel, ReadPassage, read
from lianfang.kernel.ids import millis_of
from lianfang.kernel.resident_id import check_digit

AT = datetime(2020, 2, 13, 6, 30, tzinfo=UTC)
DEVICES = [BenchDevice("HC01", "device_one"), BenchDevice("HC02", "device_two")]


@pytest.fixture
def parcels() -> Parcels:
    return Parcels(DEVICES, seed=5, at=AT)


def body(request: Request) -> bytes:
    head, _, rest = request.raw.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(rest)}".encode() in head
    return rest


def passages(parcel: ReadParcel) -> list[ReadPassage]:
    assert all(isinstance(item, ReadPassage) for item in parcel.items)
    return parcel.items  # type: ignore[return-value]


def test_a_request_is_a_parcel_the_intake_reads_with_nothing_odd_in_it(parcels: Parcels) -> None:
    request = parcels.requests(1, passages=3)[0]
    found = passages(read(body(request)))
    assert tuple(item.header.id for item in found) == request.passages
    assert sum(len(item.people) for item in found) == request.people
    assert request.records == 3 + request.people
    for item in found:
        for person in item.people:
            assert person.document.number[-1] == check_digit(person.document.number[:17])
            assert len(person.phone) == 11


def test_each_device_writes_under_its_own_token_for_its_own_checkpoint(parcels: Parcels) -> None:
    first, second = parcels.requests(2)
    assert b"Bearer device_one" in first.raw
    assert b"Bearer device_two" in second.raw
    assert passages(read(body(first)))[0].header.checkpoint == "HC01"
    assert passages(read(body(second)))[0].header.checkpoint == "HC02"


def test_no_id_comes_twice_and_few_people_do(parcels: Parcels) -> None:
    found = [item for request in parcels.requests(600, passages=2) for item in passages(read(body(request)))]
    people = [person for item in found for person in item.people]
    ids = [item.header.id for item in found] + [person.id for person in people]
    assert len(set(ids)) == len(ids)
    assert len({person.document.number for person in people}) > 0.99 * len(people)
    assert len({person.phone for person in people}) > 0.99 * len(people)


def test_ids_carry_moments_spread_over_the_time_it_takes_to_send_them(parcels: Parcels) -> None:
    millis = [millis_of(request.passages[0]) for request in parcels.requests(10, spread_ms=1000)]
    start = int(AT.timestamp() * 1000)
    assert millis == [start + 100 * n for n in range(10)]


def test_exactly_so_many_people_are_made(parcels: Parcels) -> None:
    requests = list(parcels.of_people(1_003, passages=20))
    assert sum(request.people for request in requests) == 1_003


def test_new_ids_are_version_seven() -> None:
    made = UUID(new_id(1_581_575_400_000).decode())
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert millis_of(made) == 1_581_575_400_000
