"""Short functions, short files, and no drawer for whatever is left over."""

import ast

import pytest

from tests.house.sources import ROOT, committed, modules, named, nodes, place, text_of, written_by_hand

LONGEST_FILE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 300, 50, 150

# A longer file stands here with its reason, until it becomes a folder.
LONG_FILES: dict[str, str] = {}

DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "manager", "managers"}
HAND_WRITTEN = (".py", ".ts", ".vue", ".js", ".html", ".sql", ".css")


def lines(path) -> int:
    return len((text_of(path) or "").splitlines())


def test_no_file_of_code_is_longer_than_300_lines() -> None:
    code = [*modules(), *modules(ROOT / "scripts")]
    code += [path for path in committed() if path.suffix in (".ts", ".vue") and "tests" not in path.parts]
    long = {named(path) for path in code if written_by_hand(path) and lines(path) > LONGEST_FILE}
    assert long == set(LONG_FILES)


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        f"{place(path, node)} {node.name}"
        for path, node in nodes(ast.FunctionDef | ast.AsyncFunctionDef)
        if written_by_hand(path) and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long


def test_no_template_is_longer_than_150_lines() -> None:
    templates = [path for path in committed() if path.suffix == ".html"]
    assert templates
    assert not [named(path) for path in templates if lines(path) > LONGEST_TEMPLATE]


@pytest.mark.parametrize("part", ["stem", "folder"])
def test_no_file_or_folder_is_a_drawer(part: str) -> None:
    for path in (path for path in committed() if path.suffix in HAND_WRITTEN):
        names = {path.stem} if part == "stem" else set(path.relative_to(ROOT).parts[:-1])
        assert not {name.lower() for name in names} & DRAWERS, named(path)
