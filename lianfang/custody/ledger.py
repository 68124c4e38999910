"""The purge ledger: what was destroyed, line by line, in the key folder.

A line is synced to disk before the key it names goes, and carries the hash of the line before it. It lies beside the keys so that
it travels with the newest key archive: a restore brings old data, today's keys, and the list of what must not come back.
"""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from lianfang.custody.alone import alone, tell_keys_destroyed
from lianfang.custody.clearing import PURGE, DayStep, clear, clear_named, clear_outside
from lianfang.custody.clearing_files import clear_files
from lianfang.custody.clearing_messages import clear_messages
from lianfang.custody.kept import sweep
from lianfang.kernel.audit import Act, note
from lianfang.kernel.key_folder import key_folder
from lianfang.machine import private_files

DAY, WHOLE, EVERYTHING, RECORDS, KEYS = "DAY", "WHOLE", "EVERYTHING", "RECORDS", "KEYS"
FILES, MESSAGES = "FILES", "MESSAGES"
FILE = "purges.jsonl"
NOTHING_BEFORE = "0" * 64


class LedgerBroken(Exception):
    """A line of the ledger was changed, taken out or moved."""


@dataclass(frozen=True, slots=True)
class Destruction:
    """One destruction. `what` DAY: rows of `day` without a measure; WHOLE: all that is left of `day`; EVERYTHING: devices,
    declarations and rosters up to `at`; RECORDS: those named; FILES: the named files of people and doors, or without any
    those opened until `day`; MESSAGES: those written until `day`; KEYS: keys alone. `counts`: cleared rows by table.
    `keys`: the files that went with it.
    """

    what: str
    at: str
    purge: str
    proposed_by: str
    signed_by: str
    day: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


def entries() -> list[Destruction]:
    """Every line, oldest first. Raises LedgerBroken where the chain is."""
    return [line for line, _ in _chained(_complete(_path()))]


def append(line: Destruction) -> str:
    """Writes the line down, durably; answers its hash. The same line again is not written twice."""
    path = _path()
    with private_files.locked(path.with_suffix(".lock")):
        content = _complete(path)
        chain = list(_chained(content))
        said = next((hash_ for known, hash_ in chain if _same(known, line)), None)
        if said is not None:
            return said
        previous = chain[-1][1] if chain else NOTHING_BEFORE
        written = _canonical({**asdict(line), "previous": previous})
        _write(path, len(content), written + b"\n")
        return hashlib.sha256(written).hexdigest()


def head() -> tuple[int, str]:
    """How many lines there are, and the hash of the last."""
    chain = list(_chained(_complete(_path())))
    return len(chain), chain[-1][1] if chain else NOTHING_BEFORE


def replay(at: datetime) -> dict[str, int]:
    """After a restore: clears what the ledger names in the database at hand, and destroys keys that came back with an
    older archive; answers the cleared rows by table. Harmless when repeated.
    """
    lines = entries()
    with alone():
        keys = [name for line in lines for name in line.keys]
        with transaction.atomic(using=PURGE):
            cleared = _clear_again(lines)
            note(Act.PURGED, by=None, subject="LEDGER", count=sum(cleared.values()), using=PURGE)
        key_folder().destroy(keys)
        swept = sweep([date.fromisoformat(line.day) for line in lines if line.what in (DAY, WHOLE)])
        tell_keys_destroyed()
    return dict(Counter(cleared) + Counter(swept))


def _clear_again(lines: Sequence[Destruction]) -> dict[str, int]:
    steps = [
        DayStep(date.fromisoformat(line.day), line.what == WHOLE)
        for line in lines
        if line.what in (DAY, WHOLE)
    ]
    records = [UUID(id) for line in lines for id in line.records]
    cleared = Counter(clear(steps) if steps else {}) + Counter(clear_named(records) if records else {})
    cleared += Counter(clear_files(records) if records else {})
    whole = [line.day for line in lines if line.what == FILES and line.day]
    if whole:
        cleared += Counter(clear_files(opened_until=date.fromisoformat(max(whole))))
    written = [line.day for line in lines if line.what == MESSAGES]
    if written:
        cleared += Counter(clear_messages(date.fromisoformat(max(written))))
    last_end = max(
        (line for line in lines if line.what == EVERYTHING), key=lambda line: line.at, default=None
    )
    if last_end is not None:
        cleared += Counter(clear_outside(datetime.fromisoformat(last_end.at), by=UUID(last_end.signed_by)))
    return dict(cleared)


def _path() -> Path:
    return key_folder().path / FILE


def _complete(path: Path) -> bytes:
    """The whole lines; what a power cut left of one more was followed by nothing."""
    content = path.read_bytes() if path.exists() else b""
    return content[: content.rfind(b"\n") + 1]


def _chained(content: bytes) -> Iterator[tuple[Destruction, str]]:
    previous = NOTHING_BEFORE
    for number, written in enumerate(content.splitlines(), 1):
        said: dict[str, Any] = json.loads(written)
        if said.pop("previous", None) != previous:
            raise LedgerBroken(f"line {number} does not follow the line before it")
        previous = hashlib.sha256(written).hexdigest()
        yield (
            Destruction(**{**said, "keys": tuple(said["keys"]), "records": tuple(said["records"])}),
            previous,
        )


def _same(one: Destruction, other: Destruction) -> bool:
    """The same act of the same purge, written when it was tried before."""
    return {**asdict(one), "at": ""} == {**asdict(other), "at": ""}


def _write(path: Path, at: int, written: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.ftruncate(handle, at)
        os.pwrite(handle, written, at)
        os.fsync(handle)
    finally:
        os.close(handle)
    private_files.sync_folder(path.parent)


def _canonical(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
