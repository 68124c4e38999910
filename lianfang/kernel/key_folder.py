"""The key folder: one file for each day and each month, wrapped by the master key, never in the database.

Records with a measure that goes on are sealed again under a second key of their day (kept-2020-02-13.key), which outlives the first.
Files of people have a key each, wrapped by one more key of the day on which they were opened (files-2020-02-13.key).
A day's file is written and synced to disk before the first row sealed with it can commit; destroying the file is what
a purge is. The folder is the second of the two archives of a backup.
"""

import fcntl
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from lianfang.kernel.envelopes import SEED_BYTES, EnvelopeKey
from lianfang.kernel.sealing import (
    PROVIDERS,
    DayKey,
    IndexKey,
    KeptKey,
    Provider,
    Unreadable,
    seal,
    sealed_by,
    unseal,
)

K = TypeVar("K", bound=DayKey)
KEY_BYTES = 32
MASTER = "master.key"
NEXT_MASTER = "master-next.key"  # there while a new master takes over (kernel/key_rotation.py)
_MONTH_FILE = re.compile(r"index-(\d{4}-\d{2})\.key")
_OUTBOX_FILE = re.compile(r"outbox-(\d{4}-\d{2})\.key")
_DAY_FILE = re.compile(r"day-(\d{4}-\d{2}-\d{2})\.key")
_KEPT_FILE = re.compile(r"kept-(\d{4}-\d{2}-\d{2})\.key")
_FILES_FILE = re.compile(r"files-(\d{4}-\d{2}-\d{2})\.key")
_DESTROYED = (
    _DAY_FILE,
    _KEPT_FILE,
    _FILES_FILE,
    _MONTH_FILE,
    _OUTBOX_FILE,
)  # what a purge may destroy, and nothing else


class KeyFolder:
    """Keys by day (sealing, digests) and by month (blind indexes), cached in memory once read.

    `provider` is for new keys only.
    """

    def __init__(self, path: Path, *, provider: str = "AES") -> None:
        self.path = path
        self.provider: Provider = PROVIDERS[provider]
        self._days: dict[date, DayKey] = {}
        self._kept: dict[date, KeptKey] = {}
        self._files: dict[date, DayKey] = {}
        self._months: dict[str, IndexKey] = {}
        self._outboxes: dict[str, EnvelopeKey] = {}
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (path / MASTER).exists():
            with self.shared():
                self._made_once(MASTER, os.urandom(KEY_BYTES))

    def day(self, day: date) -> DayKey:
        """The day's key, made (durably) if this is the day's first record."""
        return self._made(self._days, DayKey, "day", day)

    def existing_day(self, day: date) -> DayKey | None:
        """The day's key if it still exists: None once the day was purged. Never makes one."""
        return self._existing(self._days, DayKey, "day", day)

    def kept(self, day: date) -> KeptKey:
        """The key under which the day's records with a measure that goes on are sealed again, made if it is the first."""
        return self._made(self._kept, KeptKey, "kept", day)

    def existing_kept(self, day: date) -> KeptKey | None:
        """The day's kept key if it exists. Never makes one."""
        return self._existing(self._kept, KeptKey, "kept", day)

    def files(self, day: date) -> DayKey:
        """The key that wraps the own keys of the files opened on the day (kernel/file_keys.py), made if it is the first."""
        return self._made(self._files, DayKey, "files", day)

    def existing_files(self, day: date) -> DayKey | None:
        """The same if it exists: None once all files of the day were forgotten. Never makes one."""
        return self._existing(self._files, DayKey, "files", day)

    def month(self, day: date) -> IndexKey:
        """The index key of the day's month, made if it is the month's first record."""
        return self._month(f"{day.year:04d}-{day.month:02d}")

    def months(self) -> list[IndexKey]:
        """Every month's index key that still exists: an exact search asks under each of them."""
        return [self._month(name) for name in self._named(_MONTH_FILE)]

    def outbox(self, day: date) -> EnvelopeKey:
        """The month's key pair to which phones seal their outboxes; its id is the month, e.g. 2020-02."""
        return self._outbox(f"{day.year:04d}-{day.month:02d}")

    def existing_outbox(self, key_id: str) -> EnvelopeKey | None:
        """The pair a phone names; None when there is none of that name (any more). Never makes one."""
        name = f"outbox-{key_id}.key"
        return self._outbox(key_id) if _OUTBOX_FILE.fullmatch(name) and (self.path / name).exists() else None

    def declarations(self, checkpoint: str, day: date) -> EnvelopeKey:
        """The pair to which travellers seal what they declare for a checkpoint on a day; gone with the day's key."""
        return EnvelopeKey.derive(f"{day:%Y%m%d}", self.day(day).seed(f"declarations for {checkpoint}"))

    def cards(self, checkpoint: str, day: date) -> EnvelopeKey:
        """The pair for commuters' cards made on a day, which phones hold longer. A 1 before the day is its name."""
        return EnvelopeKey.derive(f"1{day:%Y%m%d}", self.day(day).seed(f"cards for {checkpoint}"))

    def staff(self) -> DayKey:
        """The key of officers' second factors and of robots' webhooks; it does not end with any day."""
        return DayKey.derive(*self._secret("staff.key"))

    def days(self) -> list[date]:
        return [date.fromisoformat(day) for day in self._named(_DAY_FILE)]

    def kept_days(self) -> list[date]:
        return [date.fromisoformat(day) for day in self._named(_KEPT_FILE)]

    def files_days(self) -> list[date]:
        return [date.fromisoformat(day) for day in self._named(_FILES_FILE)]

    def index_months(self) -> list[date]:
        """The months that have an index key, each by its first day."""
        return [date.fromisoformat(f"{month}-01") for month in self._named(_MONTH_FILE)]

    def outbox_months(self) -> list[date]:
        """The same for the outboxes' key pairs."""
        return [date.fromisoformat(f"{month}-01") for month in self._named(_OUTBOX_FILE)]

    def destroy(self, names: Iterable[str]) -> list[str]:
        """Destroys the key files of these names, durably; answers those that were there. No other file is touched."""
        gone = []
        with self.alone():  # a master that takes over meanwhile would bring a file back
            self.sweep()
            for name in names:
                if any(pattern.fullmatch(name) for pattern in _DESTROYED):
                    with suppress(FileNotFoundError):
                        (self.path / name).unlink()
                        gone.append(name)
            self._sync_folder()
        self.forget()
        return gone

    def key_in(self, name: str) -> DayKey | None:
        """The key in a day's file of that name; None when it is not there, or opens with no master that is."""
        try:
            return DayKey.derive(*self._opened(name))
        except (FileNotFoundError, Unreadable):
            return None

    def forget(self) -> None:
        """Drop what is in memory, so that a destroyed file is gone here too."""
        self._days.clear()
        self._kept.clear()
        self._files.clear()
        self._months.clear()
        self._outboxes.clear()
        for provider in PROVIDERS.values():
            provider.forget()

    def _named(self, pattern: re.Pattern[str]) -> list[str]:
        found = (pattern.fullmatch(entry.name) for entry in self.path.iterdir())
        return sorted(match[1] for match in found if match)

    @contextmanager
    def shared(self) -> Iterator[None]:
        """While a key file is made or copied: no new master takes over meanwhile, and no file goes."""
        with self._held(fcntl.LOCK_SH):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While files go or a new master takes over: waits for those who share, and makes others wait."""
        with self._held(fcntl.LOCK_EX):
            yield

    def sweep(self) -> None:
        """Remove what killed processes left half written: it holds secrets too. Inside `alone` only."""
        for leftover in self.path.glob(".*"):
            leftover.unlink()

    def masters(self) -> list[bytes]:
        """The master key, and the next one while it takes over. From the disk each time: it may have been replaced."""
        found = [self.path / MASTER, self.path / NEXT_MASTER]
        return [path.read_bytes() for path in found if path.exists()]

    def _made(self, known: dict[date, K], derived: type[K], kind: str, day: date) -> K:
        if day not in known:
            known[day] = derived.derive(*self._secret(f"{kind}-{day.isoformat()}.key"))
        return known[day]

    def _existing(self, known: dict[date, K], derived: type[K], kind: str, day: date) -> K | None:
        name = f"{kind}-{day.isoformat()}.key"
        if not (self.path / name).exists():  # asked each time: memory outlives no file
            known.pop(day, None)
        elif day not in known:
            with suppress(FileNotFoundError):  # destroyed meanwhile
                known[day] = derived.derive(*self._opened(name))
        return known.get(day)

    def _month(self, name: str) -> IndexKey:
        key = self._months.get(name)
        if key is None:
            key = IndexKey.derive(*self._secret(f"index-{name}.key"))
            self._months[name] = key
        return key

    def _outbox(self, key_id: str) -> EnvelopeKey:
        key = self._outboxes.get(key_id)
        if key is None:
            _, seed = self._secret(f"outbox-{key_id}.key", length=SEED_BYTES)
            key = self._outboxes[key_id] = EnvelopeKey.derive(key_id, seed)
        return key

    def _secret(self, name: str, *, length: int = KEY_BYTES) -> tuple[Provider, bytes]:
        """The file's secret and the provider it was made for: a city that changes over starts with its next key."""
        if not (self.path / name).exists():
            with self.shared():
                self._made_once(name, wrapped(self.provider, self.masters()[0], name, os.urandom(length)))
        return self._opened(name)

    def _opened(self, name: str) -> tuple[Provider, bytes]:
        """Reading waits for nobody: a file that opens with no master is looked at again, until nothing has changed."""
        before = None
        while True:
            kept = (self.path / name).read_bytes()
            masters = self.masters()
            with suppress(Unreadable):
                return sealed_by(kept), unwrapped(masters, name, kept)
            if (kept, masters) == before:
                raise Unreadable(f"{name} opens with no master key that is here")
            before = (kept, masters)

    def _made_once(self, name: str, fresh: bytes) -> bytes:
        """The file's content; `fresh` becomes it if there is none. Of several processes one wins, all read the same."""
        target = self.path / name
        try:
            return target.read_bytes()
        except FileNotFoundError:
            pass
        handle, temporary = tempfile.mkstemp(dir=self.path, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(fresh)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):  # another process was first
                os.link(temporary, target)
            self._sync_folder()
        finally:
            os.unlink(temporary)
        return target.read_bytes()

    def _sync_folder(self) -> None:
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _held(self, how: int) -> Iterator[None]:
        """The folder itself is what is locked; the system frees it when its holder dies."""
        folder = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, how)
            yield
        finally:
            os.close(folder)


def wrapped(provider: Provider, master: bytes, name: str, secret: bytes) -> bytes:
    """A key file's content, bound to its name: renamed to another day it does not open."""
    return seal(provider, master, secret, bound_to=name.encode())


def unwrapped(masters: list[bytes], name: str, kept: bytes) -> bytes:
    """The secret in a key file, wrapped by whichever of the masters; else `Unreadable`."""
    for master in masters:
        with suppress(Unreadable):
            return unseal(master, kept, bound_to=name.encode())
    raise Unreadable(f"{name} was wrapped by another master key")


@cache
def key_folder() -> KeyFolder:
    """This process's key folder, where the settings say it is."""
    return KeyFolder(settings.DATA.keys, provider=settings.SEALING)
