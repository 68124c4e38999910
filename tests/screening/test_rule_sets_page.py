"""docs/rule-sets.md says what the compiler does: its examples are fit, and every fact, operator, measure and warning is there."""

import json
import re
from pathlib import Path

import pytest

from lianfang.screening import compiling
from lianfang.screening.compiling import compiled
from lianfang.screening.form import EXEMPT, FACTS, MEASURES, OPERATORS
from lianfang.screening.shipped import SHIPPED

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rule-sets.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_fit_and_nothing_about_it_is_odd(example: str) -> None:
    found = compiled(json.loads(example))
    assert found.content is not None
    assert found.findings == ()


def test_every_word_of_the_form_is_on_the_page() -> None:
    assert len(EXAMPLES) == 2
    words = {*FACTS, *MEASURES, EXEMPT, *SHIPPED, *(op for several in OPERATORS.values() for op in several)}
    assert not {word for word in words if not re.search(rf"\b{word}\b", PAGE)}


def test_every_warning_is_on_the_page() -> None:
    said = "".join(path.read_text(encoding="utf-8") for path in Path(compiling.__file__).parent.glob("*.py"))
    warnings = set(re.findall(r'\.warn\(\s*"([A-Z_]+)"', said))
    assert len(warnings) == 9 + 1
    assert not {code for code in warnings if code not in PAGE}
