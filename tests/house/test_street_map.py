"""Every address of the site says who may come in; one that says nothing lets nobody in (tests/doors ask it)."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from lianfang.command.roles import ROLES, Permission
from lianfang.doors.guard import SIGNED_IN


def addresses(resolver: URLResolver | None = None, under: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        path = under + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, path)
        else:
            yield path, pattern


def test_every_address_declares_who_may_come_in() -> None:
    known = {"public", SIGNED_IN, *Permission}
    assert not [
        path for path, pattern in addresses() if getattr(pattern.callback, "access", None) not in known
    ]


def test_every_address_has_a_name_of_its_own() -> None:
    names = [pattern.name for _, pattern in addresses()]
    assert None not in names
    assert len(set(names)) == len(names)


def test_only_addresses_for_programs_do_without_the_form_token() -> None:
    """A phone has no cookie that another page could misuse; a desk has."""
    exempt = [path for path, pattern in addresses() if getattr(pattern.callback, "csrf_exempt", False)]
    assert exempt
    assert all(path.startswith("/api/") for path in exempt)


def test_every_permission_opens_a_door_and_is_held_by_a_role() -> None:
    asked = {pattern.callback.access for _, pattern in addresses()} - {"public", SIGNED_IN}
    held = {permission for role in ROLES.values() for permission in role.permissions}
    assert held == set(Permission)
    assert asked == set(Permission)


def test_no_address_carries_a_number_or_a_name_of_a_person() -> None:
    """What is searched travels in the body of a POST; addresses end up in histories and logs."""
    personal = ("plate", "document", "phone_number", "name", "number")
    assert not [
        path
        for path, _ in addresses()
        if any(f":{word}>" in path or f"<{word}>" in path for word in personal)
    ]
