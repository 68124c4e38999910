"""The English is complete, and every code that a record can carry has a word."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

from lianfang.checkpoints.intake import closed_lists
from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.queries.lists import STRONGEST_FIRST
from lianfang.doors import words
from lianfang.kernel import documents

HOUSE = settings.BASE_DIR / "lianfang"
CATALOGUE = HOUSE / "locale" / "en" / "LC_MESSAGES" / "django.po"
_MARKERS = {"_", "gettext", "gettext_lazy", "ngettext"}
_MARKED = re.compile(r"""\b(?:_|gettext|ngettext)\(\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
_PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
_CHINESE = re.compile("[\u4e00-\u9fff]")


def in_templates() -> set[str]:
    pages = (HOUSE / "templates").rglob("*.html")
    return {
        ast.literal_eval(found) for page in pages for found in _MARKED.findall(templatize(page.read_text()))
    }


def in_code() -> set[str]:
    return {sentence for path in HOUSE.rglob("*.py") for sentence in _marked(path)}


def _marked(path: Path) -> set[str]:
    source = path.read_text()
    if "django.utils.translation" not in source:
        return set()
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    marked = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id in _MARKERS)
    firsts = (call.args[0] for call in marked if call.args)
    return {
        first.value for first in firsts if isinstance(first, ast.Constant) and isinstance(first.value, str)
    }


@pytest.fixture(scope="module")
def catalogue() -> dict[str, tuple[str, ...]]:
    with CATALOGUE.open("rb") as file:
        entries = [entry for entry in read_po(file, locale="en") if entry.id]
    texts = lambda value: value if isinstance(value, tuple) else (value,)  # noqa: E731
    return {texts(entry.id)[0]: texts(entry.string) for entry in entries}


def test_every_sentence_has_its_english_and_no_english_is_left_over(catalogue: dict) -> None:
    said = in_templates() | in_code()
    assert len(said) > 300
    assert said - catalogue.keys() == set()
    assert catalogue.keys() - said == set()
    assert [sentence for sentence, english in catalogue.items() if not all(english)] == []


def test_the_english_fills_in_the_same_values(catalogue: dict) -> None:
    for sentence, english in catalogue.items():
        for one in english:
            assert sorted(_PLACES.findall(one)) == sorted(_PLACES.findall(sentence)), sentence


def test_no_chinese_is_left_in_the_english(catalogue: dict) -> None:
    named = "联防 本地证书"  # the certificate's own name, as phones show it
    left = [
        one for english in catalogue.values() for one in english if _CHINESE.search(one.replace(named, ""))
    ]
    assert left == []


def test_templates_hold_no_chinese_outside_the_marks() -> None:
    """What is not marked is never translated; pages that stand in both languages are listed."""
    both = {
        "400.html",
        "403.html",
        "403_csrf.html",
        "404.html",
        "405.html",
        "500.html",
        "errors.html",
        "language.html",
        "declare_unknown.html",
        "poster.html",
        "village_poster.html",
    }
    for page in (HOUSE / "templates").rglob("*.html"):
        source = page.read_text()
        bare = re.sub(r"\{#.*?#\}", "", source)
        bare = re.sub(r"\{% blocktrans.*?%\}.*?\{% endblocktrans %\}", "", bare, flags=re.DOTALL)
        bare = re.sub(r"\{[%{].*?[%}]\}", "", bare, flags=re.DOTALL)
        unmarked = _CHINESE.findall(bare.replace("、", "").replace("：", ""))
        assert page.name in both or not unmarked, (page.name, unmarked)


def test_the_catalogue_compiles(tmp_path: Path) -> None:
    with CATALOGUE.open("rb") as file, (tmp_path / "django.mo").open("wb") as compiled:
        write_mo(compiled, read_po(file, locale="en"))
    assert (tmp_path / "django.mo").stat().st_size > 10_000


def test_every_code_of_a_closed_list_has_a_word() -> None:
    assert set(words.TRANSPORTS) == closed_lists.TRANSPORTS
    assert set(words.PURPOSES) == closed_lists.PURPOSES
    assert set(words.SOURCES) == closed_lists.SOURCES
    assert set(words.DOCUMENTS) == closed_lists.DOCUMENT_TYPES == set(documents.KINDS)
    assert set(words.READINGS) == closed_lists.TEMPERATURE_STATES
    assert set(words.DIRECTIONS) == closed_lists.DIRECTIONS
    assert set(words.MEASURES) == set(STRONGEST_FIRST)
    assert set(words.KINDS) == set(Checkpoint.Kind.values)
    assert set(words.TIERS) == set(Checkpoint.Tier.values)


def test_every_flag_has_a_word_and_a_sentence() -> None:
    """Flags are upper-case constants that the intake and the kernel's readers put on a record."""
    sources = [*(HOUSE / "checkpoints" / "intake").rglob("*.py"), *(HOUSE / "kernel").glob("*.py")]
    source = "\n".join(path.read_text() for path in sources)
    appended = re.findall(r"flags\.append\(([^)]*)\)", source)
    raised = {flag for given in appended for flag in re.findall(r'"([A-Z_]+)"', given)}
    raised |= set(re.findall(r'"((?:DOCUMENT|PLATE|PHONE)_(?!KEY)[A-Z_]+)"', source))
    assert raised
    assert raised - set(words.FLAGS) == set()
    assert set(words.FLAGS) == set(words.FLAG_SENTENCES)
