"""What may not stand in a committed file, and what must stand beside some that may."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import (
    PRODUCT,
    ROOT,
    committed,
    modules,
    named,
    nodes,
    place,
    pyproject,
    text_of,
    tree,
)

HERE = "tests/house/test_sources.py"

# Written in pieces, so that this file does not find itself.
NEVER = {
    "a thing left for later": re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b"),
    "a package registry's host": re.compile(
        r"registry\.npm" r"js|registry\.npm" r"mirror|py" r"pi\.org|files\.python" r"hosted|mirrors?\.[a-z]+\.(com|edu)"
    ),
    "a path of somebody's machine": re.compile(r"/wor" r"k/(main|shared)|/hom" r"e/[a-z]+/|/roo" r"t/\.|/Use" r"rs/[a-z]+/"),
    "a skipped test": re.compile(r"pytest\.mark\.sk" r"ip\("),
}  # fmt: skip
LOCKS = {"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock", "yarn.lock", "pnpm-lock.yaml", "bun.lockb"}


def texts() -> Iterator[tuple[Path, str]]:
    for path in committed():
        text = text_of(path)
        if text is not None:
            yield path, text


@pytest.mark.parametrize("what", NEVER)
def test_no_committed_file_holds(what: str) -> None:
    found = [
        f"{named(path)}:{number}"
        for path, text in texts()
        if NEVER[what].search(text)
        for number, line in enumerate(text.splitlines(), 1)
        if NEVER[what].search(line)
    ]
    assert not found


def test_pins_name_no_host_and_no_other_lock_file_stands_beside_them() -> None:
    assert not {path.name for path in committed()} & LOCKS
    for path in (path for path in committed() if path.name == "package-lock.json"):
        assert '"resolved"' not in (text_of(path) or "")
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = text_of(path) or ""
        assert "--hash=sha256:" in text
        assert "://" not in text.replace("# https://", "")


def test_nothing_built_is_committed() -> None:
    built = {"dist", "node_modules", "__pycache__", "build", ".venv"}
    assert not [named(path) for path in committed() if built & set(path.relative_to(ROOT).parts)]


def test_every_dependency_carries_a_sentence() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for needed in pyproject()["project"]["dependencies"]:
        (line,) = (line for line in text.splitlines() if line.strip().startswith(f'"{needed}"'))
        assert len(line.partition("#")[2].split()) >= 2, line
    extras = [one for needed in pyproject()["project"]["optional-dependencies"].values() for one in needed]
    for extra in extras:
        (line,) = (line for line in text.splitlines() if f'"{extra}"' in line)
        assert len(line.partition("#")[2].split()) >= 2, line
    for pins in sorted((ROOT / "requirements").glob("*.in")):
        for line in pins.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-")):
                assert len(line.partition("#")[2].split()) >= 2, line


def test_every_exception_from_the_linters_carries_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ignored = pyproject()["tool"]["ruff"]["lint"]["ignore"]
    for rule in ignored:
        (line,) = (line for line in text.splitlines() if line.strip().startswith(f'"{rule}"'))
        assert len(line.partition("#")[2].split()) >= 3, line


def test_every_import_inside_a_function_carries_a_reason() -> None:
    """The first of several in a row speaks for all of them."""
    assert not [
        f"{named(path)}:{first}"
        for path in modules()
        for first in _first_of_inner_imports(path)
        if not re.search(r"# noqa: PLC0415 -- \w+", (text_of(path) or "").splitlines()[first - 1])
    ]


def _first_of_inner_imports(path: Path) -> Iterator[int]:
    """The lines on which imports within functions begin, those that follow one another taken as one."""
    functions = [
        node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    inner = {
        (node.lineno, node.end_lineno or node.lineno)
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    last = -1
    for first, end in sorted(inner):
        if first > last + 2:  # a blank line may lie between
            yield first
        last = end


ASKS = {"execute", "executemany", "fetch", "fetchrow", "fetchval", "raw", "cursor", "RunSQL", "copy"}
# Statements that are put together where they are used, and why no value is in them.
COMPOSED = {
    "lianfang/kernel/reach.py": "a session id as a literal of SET LOCAL, quoted by psycopg's sql.Literal",
    "lianfang/checkpoints/queries/lists.py": "an officer's spans, made integers: the planner has statistics for literals",
    "lianfang/referrals/queries.py": "the same spans, and the name of a column from a constant of the same file",
    "lianfang/quarantine/queries/correcting.py": "an officer's spans, made integers",
    "lianfang/quarantine/queries/releasing.py": "the same spans",
    "lianfang/bench/enrolled.py": "columns, codes and counts that are constants of the same file",
    "lianfang/custody/clearing.py": "names of tables and columns, constants of the same file",
    "lianfang/custody/kept.py": "the same constants",
    "lianfang/journeys/rescreening/walking.py": "conditions that are constants of slices.py; codes of places are parameters",
    "lianfang/custody/archives_figures.py": "names of tables from the catalogue, quoted by psycopg's sql.Identifier",
    "lianfang/machine/postgres/roles.py": "names of roles and databases, quoted by psycopg's sql.Identifier",
}


def test_no_value_is_ever_formatted_into_a_statement() -> None:
    found = {
        named(path)
        for path, call in nodes(ast.Call)
        if getattr(call.func, "attr", getattr(call.func, "id", "")) in ASKS
        and call.args
        and _is_composed(call.args[0])
    }
    assert found == set(COMPOSED)


def _is_composed(argument: ast.expr) -> bool:
    """An f-string, a sum, a % or a call: anything but a constant, or a name of one."""
    if isinstance(argument, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in argument.values)
    if isinstance(argument, ast.BinOp):
        return True
    if isinstance(argument, ast.Call):
        return getattr(argument.func, "attr", "") in ("format", "format_map", "join", "as_string", "replace")
    return False


def statements() -> Iterator[tuple[Path, str]]:
    for path in committed():
        if PRODUCT in path.parents and path.suffix in (".sql", ".py"):
            yield path, text_of(path) or ""


def test_the_database_has_no_triggers_and_code_names_no_schema() -> None:
    """A city may be a schema of a larger database: schema-based sharding refuses triggers and finds names by path."""
    for path, text in statements():
        assert not re.search(r"CREATE\s+(OR REPLACE\s+|CONSTRAINT\s+)*TRIGGER", text, re.IGNORECASE), named(
            path
        )
        for schema in re.finditer(
            r"\b(FROM|JOIN|INTO|UPDATE|TABLE|ON|FUNCTION|EXISTS)\s+(public|pg_catalog)\.", text
        ):
            raise AssertionError(f"{named(path)}: {schema[0]}")


def test_no_part_of_postgresql_is_used_that_an_embedded_one_lacks() -> None:
    for path, text in statements():
        assert not re.search(
            r"pgcrypto|pgp_sym|postgis|\bST_[A-Z][a-z]|COLLATE \"zh|-x-icu|uuidv7\(\)", text
        ), named(path)


TELLS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
TOLD = {
    "partition",
    "content_hash",  # of rules, which are nobody's data
    "self.name",
    "self._process.returncode",
}  # what a line may name beside the type of an error
# Tracebacks, and why no record's content can be in their messages.
TRACEBACKS = {
    "lianfang/kernel/group_commit.py": "a flush failed as nobody foresaw: its rows are sealed blobs, plain facts and codes",
}


def test_log_lines_of_the_rooms_name_errors_by_type_and_never_what_was_recorded() -> None:
    """Django and psycopg put values into the messages of their errors: a record's content must not come out that way."""
    found = [
        f"{place(path, call)} {ast.unparse(argument)}"
        for path, call in nodes(ast.Call)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in TELLS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in ("log", "logger", "logging")
        and "machine" not in path.parts
        for argument in [
            *call.args,
            *(keyword.value for keyword in call.keywords if keyword.arg != "exc_info"),
        ]
        if not _may_be_told(argument)
    ]
    assert not found


def _may_be_told(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Constant) or ast.unparse(argument) in TOLD | {"type(error).__name__"}


def test_the_rooms_log_no_traceback_but_those_with_a_reason() -> None:
    """A traceback ends with the error's message, and the database's messages repeat values."""
    traced = {
        named(path)
        for room in (
            "kernel",
            "checkpoints",
            "quarantine",
            "journeys",
            "screening",
            "situation",
            "command",
            "regions",
        )
        for path, call in nodes(ast.Call, PRODUCT / room)
        if ast.unparse(call.func) == "log.exception"
        or any(keyword.arg == "exc_info" for keyword in call.keywords)
    }
    assert traced == set(TRACEBACKS)


def test_this_file_is_where_it_says_it_is() -> None:
    assert (ROOT / HERE).samefile(__file__)
