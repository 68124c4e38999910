"""A new master key, while the city goes on: every key file is wrapped anew, and what the keys open stays as it is.

The next master lies beside the old one until the last file is wrapped by it, so that whenever this is interrupted every
file opens with one of the two; the next rotation goes on where it was. Readers look at both and wait for nobody; who
makes or destroys a key waits until the new master has taken over.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lianfang.kernel.key_folder import KEY_BYTES, MASTER, NEXT_MASTER, KeyFolder, unwrapped, wrapped
from lianfang.kernel.sealing import Unreadable, sealed_by
from lianfang.machine import private_files


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key file as it is listed: its kind (day, index, outbox …), of when, and for which provider it was made."""

    kind: str
    of: str
    provider: str


def rotate(keys: KeyFolder, *, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Answers how many files were wrapped anew. Raises `Unreadable`, and changes nothing, if one does not open."""
    with keys.alone():
        keys.sweep()
        names = [path.name for path in _wrapped_files(keys.path)]
        secrets = {name: _opened(keys, name) for name in names}
        following = private_files.write_once(keys.path / NEXT_MASTER, os.urandom(KEY_BYTES))
        for done, name in enumerate(names, start=1):
            kept = (keys.path / name).read_bytes()
            private_files.replace(keys.path / name, wrapped(sealed_by(kept), following, name, secrets[name]))
            progress(done, len(names))
        os.replace(keys.path / NEXT_MASTER, keys.path / MASTER)
        private_files.sync_folder(keys.path)
        return len(names)


def interrupted(folder: Path) -> bool:
    """Whether a rotation of this key folder began and has not ended (it may be going on at this moment)."""
    return (folder / NEXT_MASTER).exists()


def key_files(folder: Path) -> Iterator[KeyFile]:
    """What is in the folder, by kind and time; says nothing that opens anything."""
    for path in _wrapped_files(folder):
        kind, _, of = path.stem.partition("-")
        try:
            provider = sealed_by(path.read_bytes()).name
        except Unreadable:
            provider = ""
        yield KeyFile(kind, of, provider)


def _opened(keys: KeyFolder, name: str) -> bytes:
    return unwrapped(keys.masters(), name, (keys.path / name).read_bytes())


def _wrapped_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("[!.]*.key") if path.name not in (MASTER, NEXT_MASTER))
