"""The key archive opens with its passphrase and with nothing else, and whatever was changed in it is noticed."""

import gzip
import hashlib
import io
import subprocess
import tarfile
from datetime import date
from pathlib import Path

import pytest

from lianfang.custody import archives_of_keys
from lianfang.custody.archives_of_keys import MAGIC, opened, packed, passphrase_in, unpack
from lianfang.kernel.key_folder import KeyFolder
from lianfang.kernel.sealing import PROVIDERS
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.trouble import Trouble
from tests.custody.archived import PASSPHRASE

DAY = date(2020, 2, 13)


@pytest.fixture(autouse=True)
def guesses_cost_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives_of_keys, "_N", 1 << 10)


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    made = DataFolder.open(tmp_path / "city")
    keys = KeyFolder(made.keys)
    keys.day(DAY)
    keys.month(DAY)
    (made.keys / "purges.jsonl").write_text('{"line": 1}\n')
    (made.keys / ".new-abc").write_bytes(b"left by a killed process")
    made.secret("cookies")
    made.tls.mkdir()
    (made.tls / "authority.key").write_bytes(b"private")
    (made.tls / "authority.key").chmod(0o600)
    (made.tls / "authority.pem").write_bytes(b"public")
    (made.tls / "authority.pem").chmod(0o644)
    (made.path / "lianfang.log").write_text("not a secret")
    (made.path / "database.json").write_text("made anew")
    return made


sealed_or_not = pytest.mark.parametrize("passphrase", [None, PASSPHRASE])


@sealed_or_not
@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_keys_ledger_secrets_and_the_authority_come_back_as_they_were(
    data: DataFolder, tmp_path: Path, passphrase: str | None, provider: object
) -> None:
    digest = KeyFolder(data.keys).day(DAY).digest(b"content")
    content = packed(data, passphrase=passphrase, provider=provider)  # type: ignore[arg-type]
    new = DataFolder.open(tmp_path / "new")
    unpack(opened(content, passphrase=passphrase), new)
    found = {path.relative_to(new.path).as_posix() for path in new.path.rglob("*") if path.is_file()}
    assert found == {
        "keys/master.key", "keys/day-2020-02-13.key", "keys/index-2020-02.key", "keys/purges.jsonl",
        "secrets/cookies", "secrets/installation", "tls/authority.key", "tls/authority.pem",
    }  # fmt: skip
    key = KeyFolder(new.keys).existing_day(DAY)
    assert key is not None
    assert key.digest(b"content") == digest
    assert new.secret("cookies") == data.secret("cookies")
    modes = {path.name: path.stat().st_mode & 0o777 for path in new.path.rglob("*")}
    assert {name for name, mode in modes.items() if mode & 0o077} == {"authority.pem"}
    assert modes["keys"] == 0o700


def test_the_ledger_is_read_after_the_keys(data: DataFolder) -> None:
    """What is destroyed while the archive is made stands in its ledger, never only in the past."""
    files = opened(packed(data, passphrase=None, provider=PROVIDERS["AES"]), passphrase=None)
    assert list(files)[-1] == "keys/purges.jsonl"


def test_sealed_it_shows_neither_a_name_nor_the_passphrase(data: DataFolder) -> None:
    content = packed(data, passphrase=PASSPHRASE, provider=PROVIDERS["AES"])
    assert b"master" not in content
    assert b"day-" not in content
    assert PASSPHRASE.encode() not in content
    assert content != packed(data, passphrase=PASSPHRASE, provider=PROVIDERS["AES"])


def test_unsealed_an_engineer_unpacks_it_by_hand(data: DataFolder, tmp_path: Path) -> None:
    file = tmp_path / "keys.lfkeys"
    file.write_bytes(packed(data, passphrase=None, provider=PROVIDERS["AES"]))
    by_hand = tmp_path / "by-hand"
    by_hand.mkdir()
    subprocess.run(f"tail -n +3 '{file}' | tar xz -C '{by_hand}'", shell=True, check=True)
    assert (by_hand / "keys" / "master.key").read_bytes() == (data.keys / "master.key").read_bytes()


@pytest.mark.parametrize("tried", [None, "绿水青山就是金山银山，不要写在纸", PASSPHRASE + " "])
def test_a_wrong_passphrase_or_none_is_said_in_a_sentence(data: DataFolder, tried: str | None) -> None:
    content = packed(data, passphrase=PASSPHRASE, provider=PROVIDERS["AES"])
    with pytest.raises(Trouble, match="口令"):
        opened(content, passphrase=tried)


@sealed_or_not
def test_an_archive_cut_short_is_noticed_wherever_it_was_cut(
    data: DataFolder, passphrase: str | None
) -> None:
    content = packed(data, passphrase=passphrase, provider=PROVIDERS["AES"])
    for length in [*range(0, 200, 7), *range(200, len(content), 97), len(content) - 1]:
        with pytest.raises(Trouble):
            opened(content[:length], passphrase=passphrase)


@sealed_or_not
def test_a_changed_byte_is_noticed_wherever_it_stands(data: DataFolder, passphrase: str | None) -> None:
    content = packed(data, passphrase=passphrase, provider=PROVIDERS["AES"])
    for place in [*range(0, 200, 3), *range(200, len(content), 97)]:
        changed = bytearray(content)
        changed[place] ^= 1
        with pytest.raises(Trouble):
            opened(bytes(changed), passphrase=passphrase)


@pytest.mark.parametrize(
    "header",
    [
        '{"sealed":"SCRYPT","n":1073741824,"r":64,"p":64,"salt":"00"}',
        '{"sealed":"SCRYPT","n":3,"r":8,"p":1,"salt":"00"}',
        '{"sealed":"SCRYPT","n":1024,"r":8,"p":1,"salt":"grass"}',
        '{"sealed":"ROT13"}',
        '{"sealed":7}',
        "[]",
        "",
    ],
)
def test_a_header_that_asks_for_nonsense_is_refused_and_takes_no_memory(header: str) -> None:
    with pytest.raises(Trouble):
        opened(MAGIC + header.encode() + b"\n" + bytes(100), passphrase=PASSPHRASE)


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/passwd", "keys/../../outside", "keys/.hidden", "elsewhere/file", "keys/a/b"]
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(Trouble, match="损坏"):
        opened(_unsealed(tarfile.TarInfo(name)), passphrase=None)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_only_plain_files_come_out_of_it(kind: bytes) -> None:
    member = tarfile.TarInfo("keys/master.key")
    member.type, member.linkname = kind, "/etc/passwd"
    with pytest.raises(Trouble, match="损坏"):
        opened(_unsealed(member), passphrase=None)


def _unsealed(member: tarfile.TarInfo) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        tar.addfile(member)
    body = gzip.compress(written.getvalue())
    return MAGIC + b'{"sealed":"NO","sha256":"%s"}\n' % hashlib.sha256(body).hexdigest().encode() + body


@pytest.mark.parametrize(
    "written", [PASSPHRASE, PASSPHRASE + "\n", PASSPHRASE + "\r\n", PASSPHRASE + "\nmore\n"]
)
def test_a_passphrase_is_the_files_first_line(tmp_path: Path, written: str) -> None:
    (tmp_path / "p").write_bytes(written.encode())
    assert passphrase_in(tmp_path / "p") == PASSPHRASE


def test_a_passphrase_typed_on_another_keyboard_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "composed").write_text("caf\u00e9 caf\u00e9 caf\u00e9", encoding="utf-8")
    (tmp_path / "apart").write_text("cafe\u0301 cafe\u0301 cafe\u0301", encoding="utf-8")
    assert passphrase_in(tmp_path / "composed") == passphrase_in(tmp_path / "apart")


@pytest.mark.parametrize("written", [b"", b"\n", b"short\n", b"\xff\xfe passphrase in another encoding"])
def test_a_passphrase_too_short_or_unreadable_is_refused(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "p").write_bytes(written)
    with pytest.raises(Trouble):
        passphrase_in(tmp_path / "p")
    with pytest.raises(Trouble):
        passphrase_in(tmp_path / "missing")
