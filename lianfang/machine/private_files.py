"""Files that only their owner may read, written so that a power cut leaves the old content or the new, never half."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path


def replace(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Put `content` at `path`, whatever was there; durable when this returns."""
    temporary = _written_beside(path, content, mode)
    try:
        _keep_owner(path, temporary)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    sync_folder(path.parent)


def write_once(path: Path, content: bytes) -> bytes:
    """The file's content. If there is no file yet, `content` becomes it: of several processes one wins, all read its."""
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes()
    temporary = _written_beside(path, content, 0o600)
    try:
        with contextlib.suppress(FileExistsError):  # another process was first
            os.link(temporary, path)
    finally:
        os.unlink(temporary)
    sync_folder(path.parent)
    return path.read_bytes()


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable, as fsync of a file does not."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold `path` for this process alone; waits for whoever holds it. The system frees it when the holder dies."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _written_beside(path: Path, content: bytes, mode: int) -> str:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        os.unlink(temporary)
        raise
    return temporary


def _keep_owner(path: Path, temporary: str) -> None:
    """What root replaces in somebody's folder stays his."""
    with contextlib.suppress(FileNotFoundError):
        status = path.stat()
        if status.st_uid != os.geteuid():
            os.chown(temporary, status.st_uid, status.st_gid)
