"""docs/running.md names every environment variable, every command and every option; and no others."""

import argparse
import re
from pathlib import Path

import pytest

from lianfang.console import COMMANDS, parser
from tests.house.sources import ROOT, committed, named, text_of

PAGE = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
VARIABLE = re.compile(r"\b(LIANFANG_[A-Z_]+|DATABASE_URL)\b")
READ = re.compile(
    r"""(?:environ(?:\.get|\.setdefault)?[\[(]|getenv\(|flag\()\s*["'](LIANFANG_[A-Z_]+|DATABASE_URL)|\$\{?(LIANFANG_[A-Z_]+)"""
)
SCREENSHOTS = ROOT / "docs" / "screenshots"  # taken from the running product, once it runs
EVERYWHERE = {"-h", "--help", "--data"}


def read_in(path: Path) -> set[str]:
    """Variables of ours that a file reads or sets."""
    return {name for found in READ.findall(text_of(path) or "") for name in found if name}


def test_every_environment_variable_is_documented_and_every_documented_one_is_read() -> None:
    code = [path for path in committed() if path.suffix in (".py", ".sh", "") and "docs" not in path.parts]
    read = {name: named(path) for path in code for name in read_in(path)}
    table = PAGE.split("## 环境变量")[1].split("\n## ")[0]
    documented = set(re.findall(r"^\| `([A-Z_]+)`", table, flags=re.MULTILINE))
    assert documented == set(read)
    assert set(VARIABLE.findall(PAGE)) <= documented


def options_of(command: str) -> set[str]:
    """Every option of a command, its sub-commands' included."""
    (sub,) = (a for a in parser(command)._actions if isinstance(a, argparse._SubParsersAction))
    return _options(sub.choices[command]) - EVERYWHERE


def _options(of: argparse.ArgumentParser) -> set[str]:
    options: set[str] = set()
    for action in of._actions:
        options |= set(action.option_strings)
        if isinstance(action, argparse._SubParsersAction):
            options |= {option for inner in action.choices.values() for option in _options(inner)}
    return options


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_with_every_option(command: str) -> None:
    (part,) = (p for p in PAGE.split("\n### ")[1:] if p.startswith(f"`lianfang {command}`"))
    section = part.split("\n## ")[0]
    assert options_of(command) == set(re.findall(r"`(--[a-z-]+)`", section))


def test_no_command_is_documented_that_does_not_exist() -> None:
    assert set(re.findall(r"^### `lianfang (\w+)`", PAGE, flags=re.MULTILINE)) == set(COMMANDS)


def test_pages_link_only_to_what_exists() -> None:
    pages = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
    assert len(pages) > 5
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text_of(page) or ""):
            if "://" not in target and (SCREENSHOTS.exists() or "screenshots/" not in target):
                assert (page.parent / target).exists(), f"{named(page)} → {target}"
