import pytest

from lianfang.machine.postgres import Database
from tests.doors.conftest import city, phone
from tests.situation.town import Town, make_town

__all__ = ["city", "phone"]


@pytest.fixture
def town(clean: Database) -> Town:
    return make_town(clean)
