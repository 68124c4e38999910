"""Pages read as an attacker reads them: every link followed, every form and every field of it found."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

ALIKE = 2  # of addresses that differ in their values only, so many are opened
PASSWORD = "a long enough password"
TYPED = {"number": "1", "date": "2020-02-13", "password": PASSWORD, "time": "08:00"}


@dataclass
class Field:
    name: str
    kind: str
    value: str


@dataclass
class Form:
    """As it stands on the page; `fields` with what a browser would send if nobody changed anything."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    @property
    def route(self) -> str:
        return route_of(self.action)

    @property
    def typed(self) -> list[str]:
        """Whatever can be sent as text: all of it, since nobody is bound to a browser."""
        return sorted({field.name for field in self.fields} - {"csrfmiddlewaretoken"})

    def filled(self, **changes: str) -> dict[str, str]:
        return {f.name: f.value or TYPED.get(f.kind, "x1") for f in self.fields} | changes

    def send(self, client: Client, **changes: str) -> HttpResponse:
        given = self.filled(**changes)
        return (
            asked(client, "get", urlsplit(self.action).path, data=given)
            if self.method == "get"
            else asked(client, "post", self.action, data=given)
        )


class _Reader(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__()
        self._here, self._form, self._select = here, None, None
        self.links: list[str] = []
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href"):
            self.links.append(urljoin(self._here, said["href"]))
        elif tag == "form" and said.get("method", "get").lower() in ("get", "post"):
            action = urljoin(self._here, said.get("action") or self._here)
            self._form = Form(action, said.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and tag in ("input", "textarea", "select", "button") and said.get("name"):
            self._field(tag, said)
        elif tag == "option" and self._select is not None:
            self._option(said)

    def _field(self, tag: str, said: dict[str, str]) -> None:
        assert self._form is not None
        kind = said.get("type", "text") if tag == "input" else tag
        made = Field(said["name"], kind, said.get("value", ""))
        chosen = next((f for f in self._form.fields if f.name == made.name), None)
        if kind == "file" or (kind == "checkbox" and "checked" not in said):
            return
        if chosen is None:
            self._form.fields.append(made)
        elif "checked" in said:
            chosen.value = made.value
        self._select = made if tag == "select" else None

    def _option(self, said: dict[str, str]) -> None:
        assert self._select is not None
        if "selected" in said or not self._select.value:
            self._select.value = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = None


def route_of(address: str) -> str:
    """The line of the street map an address belongs to; empty for what is served otherwise."""
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return ""


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))


def kind_of(address: str) -> tuple[str, frozenset[str], str]:
    """Addresses alike show the same page of something else; which field is corrected makes another page."""
    query = query_of(address)
    return route_of(address), frozenset(query), query.get("field", "")


def is_a_page(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith("text/html")


def asked(client: Client, method: str, address: str, **more: Any) -> Any:
    """The answer, read to its end: a file is closed by that."""
    response = getattr(client, method)(address, **more)
    if response.streaming:
        response.kept = content(response)
    return response


def content(response: Any) -> str:
    if hasattr(response, "kept"):
        return response.kept
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace")


class Page:
    """An answer as one role got it; a place it was sent on to counts as its link."""

    def __init__(self, role: str, address: str, response: HttpResponse) -> None:
        self.role, self.address, self.response = role, address, response
        self.text = content(response) if is_a_page(response) else ""
        reader = _Reader(address)
        reader.feed(self.text)
        self.forms = reader.forms
        self.links = [*reader.links, *([response["Location"]] if "Location" in response else [])]


@dataclass
class Town:
    """Officers by role, one of everything by the name addresses have for it, and who begins a walk where."""

    clients: dict[str, Client]
    live: dict[str, Any]
    begin: list[tuple[str, str]] = field(default_factory=list)

    def walk(self) -> Iterator[Page]:
        """Every kind of page of the city, by a role that comes to it: every address, and every link from there on."""
        waiting, seen, alike = deque(self.begin), set[str](), Counter[object]()
        while waiting:
            role, address = waiting.popleft()
            address = address.partition("#")[0]
            kind = kind_of(address)
            if address in seen or not kind[0] or alike[kind] >= ALIKE:
                continue
            seen.add(address)
            alike[kind] += 1
            page = Page(role, address, asked(self.clients[role], "get", address))
            waiting.extend((role, link) for link in page.links if link.startswith("/"))
            yield page

    def forms(self, pages: Iterable[Page]) -> list[tuple[str, Form]]:
        """Every form of the city, each kind once, and a role that has it on a page of its own."""
        found: dict[object, tuple[str, Form]] = {}
        for page in pages:
            for form in page.forms:
                found.setdefault((form.route, form.method, tuple(form.typed)), (page.role, form))
        return list(found.values())


def parameters(addresses: Iterable[str]) -> dict[str, dict[str, str]]:
    """The query of each route that was seen with one."""
    seen: dict[str, dict[str, str]] = defaultdict(dict)
    for address in addresses:
        seen[route_of(address)] |= query_of(address)
    return seen
