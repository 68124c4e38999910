"""The grid in Haicheng of town.py."""

from tests.people.town import own_keys, town  # noqa: F401 -- fixtures
