"""docs/glossary.md and the code use the same words: one word per thing."""

import ast
import importlib
import re
from collections import defaultdict
from typing import Any, get_args

import pytest
from django.apps import apps
from django.utils.translation import override

from lianfang.checkpoints.intake import closed_lists
from lianfang.checkpoints.models import Checkpoint
from lianfang.command.roles import ROLES
from lianfang.doors import shapes, words
from lianfang.situation.contribution import VEHICLES
from tests.house.sources import ROOT, committed, modules, named, nodes, place, text_of, tree

PAGE = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
TRADE = ("kernel", "regions", "command", "checkpoints", "screening", "journeys", "situation")
STATUSES = {"ACCEPTED": "已确认", "DUPLICATE": "重复", "CONFLICT": "冲突", "SET_ASIDE": "搁置"}


def rows(section: str, width: int) -> list[list[str]]:
    """The cells of a section's table, heading left out."""
    (part,) = (p for p in re.split(r"^## ", PAGE, flags=re.MULTILINE) if p.startswith(section))
    cells = [
        [c.strip() for c in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")
    ]
    assert all(len(row) == width for row in cells)
    return cells[2:]


THINGS = {word: where.split(", ") for word, _, where, _ in rows("Things", 4)}
LISTS = {name: codes for name, codes in rows("Closed lists", 2)}


def found(where: str) -> Any:
    """What a place of the glossary names: a class, a function, a list or a module of lianfang."""
    module, _, name = f"lianfang.{where}".rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (ModuleNotFoundError, AttributeError):
        return importlib.import_module(f"lianfang.{where}")


@pytest.mark.parametrize("word", THINGS)
def test_what_the_glossary_names_exists_and_is_called_so(word: str) -> None:
    for where in THINGS[word]:
        thing = found(where)
        if isinstance(thing, type):
            assert thing.__name__ == word


def test_every_table_has_a_word() -> None:
    assert {model.__name__ for model in apps.get_app_config("lianfang").get_models()} <= set(THINGS)


def test_a_name_that_two_rooms_use_means_the_same_and_stands_in_the_glossary_with_both() -> None:
    places = defaultdict(set)
    for path in modules():
        module = ".".join(path.relative_to(ROOT / "lianfang").with_suffix("").parts).removesuffix(".__init__")
        for node in tree(path).body:
            if (
                isinstance(node, ast.ClassDef)
                and not node.name.startswith("_")
                and path.parent.name != "migrations"
            ):
                places[node.name].add(f"{module}.{node.name}")
    shared = {name: where for name, where in places.items() if len(where) > 1}
    assert shared == {name: set(THINGS.get(name, ())) for name in shared}


def said(table: Any) -> dict[str, str]:
    with override("zh-hans"):
        return {code: str(word) for code, word in table.items()}


def listed(name: str) -> dict[str, str]:
    return dict(entry.split(" ", 1) for entry in LISTS[name].split(" · "))


WORDS = {name: table for name, table in vars(words).items() if name.isupper() and isinstance(table, dict)}
OTHERWISE_SAID = {
    "FLAG_SENTENCES",
    "ROLE_SENTENCES",
    "CONTACT",
    "RESIDENT",
    "YES_NO",
}  # sentences, and yes or no


@pytest.mark.parametrize("name", sorted(set(WORDS) - OTHERWISE_SAID))
def test_the_words_of_a_closed_list_are_those_that_screens_show(name: str) -> None:
    assert listed(name) == said(WORDS[name])


def test_every_list_of_the_glossary_is_one_of_the_code() -> None:
    assert set(LISTS) == (set(WORDS) - OTHERWISE_SAID) | {"STATUSES"}
    assert listed("ROLES") == {role.code: role.name for role in ROLES.values()}
    assert said(words.ROLE_SENTENCES) == {role.code: role.description for role in ROLES.values()}
    assert listed("STATUSES") == STATUSES
    assert set(STATUSES) == set(get_args(shapes.Status))
    assert set(listed("MEASURES")) == set(get_args(shapes.MeasureKind))


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("DIRECTIONS", closed_lists.DIRECTIONS),
        ("TRANSPORTS", closed_lists.TRANSPORTS),
        ("PURPOSES", closed_lists.PURPOSES),
        ("SOURCES", closed_lists.SOURCES),
        ("DOCUMENTS", closed_lists.DOCUMENT_TYPES),
        ("READINGS", closed_lists.TEMPERATURE_STATES),
    ],
)
def test_the_intake_takes_the_codes_of_the_list(name: str, taken: frozenset[str]) -> None:
    assert set(listed(name)) == taken


def test_what_counts_as_a_vehicle_is_the_same_at_the_intake_and_on_the_board() -> None:
    assert set(VEHICLES) == closed_lists.VEHICLES < set(listed("TRANSPORTS"))


def test_a_checkpoints_own_labels_are_the_words_of_the_screens() -> None:
    assert {code: str(label) for code, label in Checkpoint.Tier.choices} == listed("TIERS")
    assert {code: str(label) for code, label in Checkpoint.Kind.choices} == listed("KINDS")


@pytest.mark.parametrize(
    ("block", "name"),
    [
        ("transports", "TRANSPORTS"),
        ("purposes", "PURPOSES"),
        ("documents", "DOCUMENTS"),
        ("measures", "MEASURES"),
    ],
)
def test_the_phone_shows_the_same_words_as_the_desk(block: str, name: str) -> None:
    words = ROOT / "phone" / "src" / "i18n" / "zh-Hans"
    text = "".join(text_of(words / file) or "" for file in ("measures.ts", "barrier.ts", "transports.ts"))
    begins = rf"^(?:  {block}:|export const {block} =) {{"
    (body,) = re.findall(rf"{begins}(.*?)^(?:  )?}}", text, flags=re.MULTILINE | re.DOTALL)
    shown = dict(re.findall(r"^\s+([A-Z_]+): '(.+?)'", body, flags=re.MULTILINE))
    assert shown == listed(name)


def test_every_flag_the_code_raises_has_a_word() -> None:
    raised = {
        call.args[0].value
        for _, call in nodes(ast.Call)
        if getattr(call.func, "attr", "") == "append"
        and ast.unparse(call.func).startswith("flags.")
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert raised
    assert raised <= set(listed("FLAGS"))


def test_words_that_wait_for_their_rooms_are_not_taken_by_another_thing() -> None:
    classes = {node.name for _, node in nodes(ast.ClassDef)}
    assert not {word for word, _, _ in rows("Words that wait", 3)} & classes


def test_words_we_do_not_use_are_not_used() -> None:
    unwanted = re.compile(r"isolat|user|login", re.IGNORECASE)
    names = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    wrong = [
        f"{place(path, node)} {node.name}"
        for path, node in nodes(names)
        if path.relative_to(ROOT).parts[1] in (*TRADE, "doors") and unwanted.search(node.name)
    ]
    assert not wrong
    shown = [
        path
        for path in committed()
        if path.suffix in (".py", ".html", ".ts", ".vue", ".po") and "tests" not in path.parts
    ]
    assert not [named(path) for path in shown if re.search("关卡|哨卡|登陆|帐号", text_of(path) or "")]


# One word per thing: on the left what desks and drafts were called by, too.
OTHER_WORDS = {
    "草案": "草稿",
    "疫情重点地区": "重点地区",
    "疫情地区": "重点地区",
    r"第 (?:\{\{ \w+ \}\}|%\(\w+\)s) 版": "第 n 稿",
    "提请施行": "提交",
    "停止规则": "停用规则",
    "(?:隔离|通知网格|劝返)[^。；]{0,12}(?:自动解除|马上解除)|马上解除": "不再判（已经判过的不变）",
}


@pytest.mark.parametrize("word", OTHER_WORDS)
def test_pages_call_a_thing_by_its_one_word(word: str) -> None:
    pages = [*(ROOT / "lianfang" / "templates").rglob("*.html"), *(ROOT / "lianfang" / "doors").rglob("*.py")]
    assert pages
    assert not [named(page) for page in pages if re.search(word, page.read_text(encoding="utf-8"))], (
        OTHER_WORDS[word]
    )
