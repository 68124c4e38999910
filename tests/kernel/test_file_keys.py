"""A file's own key opens that file and no other, by either provider, and stays in no memory."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from lianfang.kernel.file_keys import FileKey, file_key
from lianfang.kernel.key_folder import KeyFolder
from lianfang.kernel.key_rotation import rotate
from lianfang.kernel.sealing import PROVIDERS, Aes, Unreadable

DAY, NEXT = date(2020, 2, 13), date(2020, 2, 14)
ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture(params=["AES", "SM4"])
def keys(request: pytest.FixtureRequest, tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys", provider=request.param)


def test_a_file_opens_with_its_own_key_and_with_no_other(keys: KeyFolder) -> None:
    one, other = (FileKey.new(keys.files(DAY), id) for id in (ONE, OTHER))
    blob = one.seal("王".encode())
    assert file_key(keys, DAY, ONE, one.wrapped).unseal(blob) == "王".encode()
    for wrong in (
        lambda: other.unseal(blob),
        lambda: file_key(keys, DAY, OTHER, one.wrapped),
        lambda: FileKey.unwrapped(keys.files(NEXT), ONE, one.wrapped),
        lambda: FileKey.unwrapped(keys.day(DAY), ONE, one.wrapped),
        lambda: file_key(keys, DAY, ONE, one.wrapped[:-1]),
    ):
        with pytest.raises(Unreadable):
            wrong()


def test_forgetting_a_file_or_its_day_leaves_nothing_to_open_with(keys: KeyFolder) -> None:
    one = FileKey.new(keys.files(DAY), ONE)
    assert file_key(keys, DAY, ONE, None) is None
    assert keys.files_days() == [DAY]
    assert keys.destroy([f"files-{DAY}.key", "staff.key"]) == [f"files-{DAY}.key"]
    assert file_key(keys, DAY, ONE, one.wrapped) is None
    assert keys.files_days() == []


def test_a_new_master_leaves_every_file_readable(keys: KeyFolder) -> None:
    one = FileKey.new(keys.files(DAY), ONE)
    blob = one.seal(b"x")
    rotate(keys)
    keys.forget()
    assert file_key(keys, DAY, ONE, one.wrapped).unseal(blob) == b"x"


def test_a_files_key_is_remembered_by_nobody(keys: KeyFolder) -> None:
    one = FileKey.new(keys.files(DAY), ONE)
    one.unseal(one.seal(b"x"))
    assert one.secret.hex() not in repr(one)
    remembered = PROVIDERS["AES"]
    assert isinstance(remembered, Aes)
    assert one.secret not in remembered._ciphers
    assert not getattr(one.provider, "_ciphers", {})
