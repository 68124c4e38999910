"""One phone's impossible clock must not keep a county's desk from its list."""

import pytest

from tests.doors.desk import City


@pytest.mark.parametrize(
    "occurred_at", ["0001-01-01T00:00:01Z", "1970-01-01T00:00:00+08:00", "9999-12-31T15:59:59Z"]
)
def test_a_record_of_any_moment_that_is_accepted_can_be_listed_read_and_corrected(
    city: City, occurred_at: str
) -> None:
    passage = city.register(occurred_at=occurred_at)
    file = f"/desk/passages/{passage['id']}"
    for path in ("/desk", "/desk/passages", file, f"{file}/correct?field=plate"):
        assert city.headquarters.get(path).status_code in (200, 302)
    assert city.headquarters.get("/api/v1/board").status_code == 200
