"""The grid in Haicheng of tests/people, with people under observation in it."""

from tests.people.town import own_keys, town  # noqa: F401 -- fixtures
from tests.quarantine.checking import household  # noqa: F401 -- a fixture
from tests.quarantine.ward import ward  # noqa: F401 -- a fixture
