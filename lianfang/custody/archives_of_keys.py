"""The key archive: the key folder with its purge ledger, the cookies' secret, the authority phones trust.

    lianfang keys 1                                   what it is
    {"sealed": "SCRYPT", "n": …, "salt": "…"}         whose it is, how it opens; or {"sealed": "NO", "sha256": "…"}
    the sealed tar.gz; unsealed it can be unpacked by hand: tail -n +3 FILE | tar xz

It is small whatever the city's size (two years are half a megabyte) and handled in memory: nothing of it lies on a disk
in the clear.
"""

import gzip
import hashlib
import io
import os
import re
import tarfile
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from lianfang.custody.archives import installation_of
from lianfang.kernel.key_folder import KeyFolder
from lianfang.kernel.sealing import Provider, Unreadable, seal, unseal
from lianfang.machine import private_files
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.trouble import Trouble

MAGIC = b"lianfang keys 1\n"
SHORTEST = 12  # characters of a passphrase
FOLDERS = ("keys", "secrets", "tls")
FILES = ("scenario.json", "demo.json")
_N, _R, _P = 1 << 17, 8, 1  # scrypt: 128 MiB and half a second a guess
_MOST = 1 << 24  # a damaged header must not ask for all the memory there is
_NAME = re.compile(r"(?:(?:keys|secrets|tls)/)?[A-Za-z0-9][A-Za-z0-9._-]*")


class Opening(msgspec.Struct, frozen=True, omit_defaults=True):
    sealed: str
    installation: str = ""
    sha256: str = ""
    n: int = 0
    r: int = 0
    p: int = 0
    salt: str = ""


def packed(data: DataFolder, *, passphrase: str | None, provider: Provider) -> bytes:
    """The archive of a data folder's keys and secrets as they stand at this moment."""
    installation = installation_of(data)
    plain = _tar(data)
    if passphrase is None:
        header = Opening("NO", installation, sha256=_digest(installation, plain))
        return _head(header) + plain
    header = Opening("SCRYPT", installation, n=_N, r=_R, p=_P, salt=os.urandom(16).hex())
    head = _head(header)
    return head + seal(provider, _derived(passphrase, header), plain, bound_to=head)


def installation_in(content: bytes) -> str:
    """Whose keys these are, as the archive's header says."""
    return _parts(content)[1].installation


def opened(content: bytes, *, passphrase: str | None) -> dict[str, tuple[int, bytes]]:
    """Mode and content by name. Raises Trouble: not an archive of keys, damaged, no passphrase or a wrong one."""
    head, header, body = _parts(content)
    if header.sealed == "NO":
        if _digest(header.installation, body) != header.sha256:
            raise _damaged()
        return dict(_untarred(body))
    if passphrase is None:
        raise Trouble(
            "这份密钥备份有口令：请加 --passphrase-file。",
            "This key archive has a passphrase: add --passphrase-file.",
        )
    try:
        return dict(_untarred(unseal(_derived(passphrase, header), body, bound_to=head)))
    except Unreadable as error:
        raise Trouble(
            "口令不对，或密钥备份损坏了：请核对口令文件；口令对的话，换另一份拷贝。",
            "The passphrase is wrong, or the key archive is damaged: check the passphrase file, else take another copy.",
        ) from error


def unpack(files: dict[str, tuple[int, bytes]], data: DataFolder) -> None:
    """Into a new data folder, for its owner's eyes only; on the disk when this returns."""
    for folder in FOLDERS:
        (data.path / folder).mkdir(mode=0o700, exist_ok=True)
    for name, (mode, content) in files.items():
        path = data.path / name
        path.touch(mode=0o600)
        path.write_bytes(content)
        path.chmod(mode & (0o644 if name.startswith("tls/") else 0o600))
    os.sync()  # hundreds of small files: all at once
    for folder in FOLDERS:
        private_files.sync_folder(data.path / folder)


def passphrase_in(file: Path) -> str:
    """The first line. However it was typed, the same characters are the same passphrase."""
    try:
        first = file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"口令文件 {file} 读不出来。", f"The passphrase file {file} cannot be read.") from error
    if len(first) < SHORTEST:
        raise Trouble(
            f"口令（口令文件的第一行）至少要 {SHORTEST} 个字符。",
            f"The passphrase (the file's first line) has {SHORTEST} characters or more.",
        )
    return unicodedata.normalize("NFC", first)


def _tar(data: DataFolder) -> bytes:
    written = io.BytesIO()
    with (
        KeyFolder(data.keys).shared(),
        tarfile.open(fileobj=written, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in _wanted(data):
            content, mode = path.read_bytes(), path.stat().st_mode & 0o777
            member = tarfile.TarInfo(path.relative_to(data.path).as_posix())
            member.size, member.mode = len(content), mode
            tar.addfile(member, io.BytesIO(content))
    return gzip.compress(written.getvalue(), mtime=0)


def _wanted(data: DataFolder) -> Iterator[Path]:
    """The purge ledger comes last: what was destroyed while we read stands in it."""
    found = [path for folder in FOLDERS for path in sorted((data.path / folder).glob("*"))]
    found += [data.path / name for name in FILES]
    found = [
        path for path in found if path.is_file() and _NAME.fullmatch(path.relative_to(data.path).as_posix())
    ]
    yield from sorted(found, key=lambda path: path.suffix == ".jsonl")


def _untarred(body: bytes) -> Iterator[tuple[str, tuple[int, bytes]]]:
    try:
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(body))) as tar:
            for member in tar:
                file = tar.extractfile(member) if member.isreg() else None
                if file is None or not _NAME.fullmatch(member.name):
                    raise _damaged()
                yield member.name, (member.mode, file.read())
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise _damaged() from error


def _parts(content: bytes) -> tuple[bytes, Opening, bytes]:
    """What stands before the body, as it stands there and as it reads; and the body."""
    end = content.find(b"\n", len(MAGIC)) + 1
    if not content.startswith(MAGIC) or not end:
        raise Trouble("这不是密钥备份（keys-….lfkeys）。", "This is no key archive (keys-….lfkeys).")
    try:
        header = msgspec.json.decode(content[len(MAGIC) : end], type=Opening)
    except msgspec.DecodeError as error:
        raise _damaged() from error
    if header.sealed not in ("NO", "SCRYPT") or header.n * header.r * header.p > _MOST:
        raise _damaged()
    return content[:end], header, content[end:]


def _head(header: Opening) -> bytes:
    return MAGIC + msgspec.json.encode(header) + b"\n"


def _digest(installation: str, body: bytes) -> str:
    return hashlib.sha256(installation.encode() + body).hexdigest()


def _derived(passphrase: str, header: Opening) -> bytes:
    try:
        salt = bytes.fromhex(header.salt)
        return Scrypt(salt=salt, length=32, n=header.n, r=header.r, p=header.p).derive(passphrase.encode())
    except (ValueError, MemoryError) as error:
        raise _damaged() from error


def _damaged() -> Trouble:
    return Trouble("密钥备份损坏了：请换另一份拷贝。", "The key archive is damaged: take another copy of it.")
