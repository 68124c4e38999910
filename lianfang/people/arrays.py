"""Arrays as PostgreSQL reads them: thousands of values travel as one text, which costs a tenth of quoting each of them."""

from collections.abc import Iterable
from uuid import UUID


def texts(values: Iterable[str | None]) -> str:
    return _joined("NULL" if value is None else _quoted(value) for value in values)


def blobs(values: Iterable[bytes | None]) -> str:
    return _joined("NULL" if value is None else f'"\\\\x{value.hex()}"' for value in values)


def numbers(values: Iterable[int | None]) -> str:
    return _joined("NULL" if value is None else str(value) for value in values)


def ids(values: Iterable[UUID]) -> str:
    return _joined(value.hex for value in values)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _joined(values: Iterable[str]) -> str:
    return "{" + ",".join(values) + "}"
