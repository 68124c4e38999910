"""What the tests of the house look at: committed files, the floors, parsed code."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PRODUCT = ROOT / "lianfang"


@cache
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def floors() -> list[set[str]]:
    """The rooms floor by floor, from the roof down."""
    (layers,) = (c for c in pyproject()["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [{room.strip() for room in floor.split("|")} for floor in layers["layers"]]


def floor_of(room: str) -> int:
    """0 is the roof; the cellar has the highest number."""
    return next(number for number, rooms in enumerate(floors()) if room in rooms)


def room_of(module: str) -> str:
    """lianfang.checkpoints.intake.writer → checkpoints"""
    return module.split(".")[1]


@cache
def committed() -> tuple[Path, ...]:
    """Every file of the repository, and every new one that is not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name.decode() for name in listed.stdout.split(b"\0") if name)
    return tuple(path for path in paths if path.is_file())


@cache
def text_of(path: Path) -> str | None:
    """The file as text; None for pictures, fonts and sounds."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def modules(folder: Path = PRODUCT) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def written_by_hand(path: Path) -> bool:
    """Django writes numbered migrations."""
    return not (path.parent.name == "migrations" and path.name[:4].isdigit())


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), named(path))


def nodes(kind: Any, folder: Path = PRODUCT) -> Iterator[tuple[Path, Any]]:
    """Every node of that kind in the code under `folder`, with its file."""
    for path in modules(folder):
        for node in ast.walk(tree(path)):
            if isinstance(node, kind):
                yield path, node


def place(path: Path, node: ast.AST) -> str:
    return f"{named(path)}:{getattr(node, 'lineno', 0)}"
