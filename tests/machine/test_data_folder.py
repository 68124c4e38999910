import os
import subprocess
import sys
from pathlib import Path

import pytest

from lianfang.machine import private_files
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.trouble import Trouble

ASK = "import sys; from lianfang.machine.data_folder import DataFolder; print(DataFolder.open(sys.argv[1]).secret('cookies'))"


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_argument_comes_before_the_environment_before_var(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LIANFANG_DATA", raising=False)
    assert DataFolder.open().path == tmp_path / "var"
    monkeypatch.setenv("LIANFANG_DATA", "elsewhere")
    assert DataFolder.open().path == tmp_path / "elsewhere"
    assert DataFolder.open("here").path == tmp_path / "here"


def test_the_folder_is_made_for_its_owner_alone(tmp_path):
    assert mode(DataFolder.open(tmp_path / "deep" / "down").path) == 0o700


def test_a_file_in_its_place_is_answered_in_two_languages(tmp_path):
    (tmp_path / "var").write_text("")
    with pytest.raises(Trouble) as refused:
        DataFolder.open(tmp_path / "var")
    assert "数据文件夹" in refused.value.zh
    assert "data folder" in refused.value.en


def test_a_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    data = DataFolder.open(tmp_path / "var")
    assert data.secret("cookies") == DataFolder.open(tmp_path / "var").secret("cookies")
    assert data.secret("cookies") != data.secret("links")
    assert mode(data.secrets / "cookies") == 0o600
    assert len(data.secret("cookies")) >= 50


def test_processes_that_ask_together_get_the_same_secret(tmp_path):
    command = [sys.executable, "-c", ASK, str(tmp_path / "var")]
    asking = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=os.getcwd()) for _ in range(6)]
    assert len({process.communicate()[0] for process in asking}) == 1


def test_a_secrets_name_cannot_leave_the_folder(tmp_path):
    with pytest.raises(ValueError, match="named like"):
        DataFolder.open(tmp_path / "var").secret("../keys/master")


def test_a_replaced_file_is_whole_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "database.json"
    private_files.replace(path, b"old")
    private_files.replace(path, b"new")
    assert path.read_bytes() == b"new"
    assert mode(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]
