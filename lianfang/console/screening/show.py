"""lianfang screening show HASH|CODE: a rule set in words, row by row, as officers read it."""

import argparse
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lianfang.console import say
from lianfang.console.database import running
from lianfang.machine.trouble import Trouble

if TYPE_CHECKING:
    from lianfang.doors.hq.rule_shown import RuleRowTold, SetShown

LANGUAGES = {"zh": "zh-hans", "en": "en"}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "set", metavar="CODE", help="自带规则的代码，或规则的哈希 / a shipped code, or a hash"
    )
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    with running():
        from lianfang.kernel.clock import now  # noqa: PLC0415 -- after Django is set up
        from lianfang.screening.rules import hash_of  # noqa: PLC0415

        content = _content(options.set)
        told = {language: _told(content, code, now()) for language, code in LANGUAGES.items()}
    lines = [line for language in LANGUAGES for line in _lines(told[language])]
    say(
        options,
        "\n".join((hash_of(content), *lines)),
        hash=hash_of(content),
        content=content,
        words={language: _words(shown) for language, shown in told.items()},
    )
    return 0


def _content(named: str) -> dict[str, Any]:
    from lianfang.screening.queries import rule_set  # noqa: PLC0415 -- after Django is set up
    from lianfang.screening.shipped import SHIPPED, shipped  # noqa: PLC0415

    if named in SHIPPED:
        return dict(shipped(named).content)
    try:
        return rule_set(named).content()
    except KeyError:
        raise Trouble(
            f"没有这套规则：{named}。自带的有 {'、'.join(SHIPPED)}；批准过的见 lianfang screening rules。",
            f"There is no rule set {named}. Shipped are {', '.join(SHIPPED)}; lianfang screening rules lists the others.",
        ) from None


def _told(content: dict[str, Any], language: str, at: datetime) -> "SetShown":
    from django.utils.translation import override  # noqa: PLC0415 -- after Django is set up

    from lianfang.doors.hq.rule_shown import set_shown  # noqa: PLC0415

    with override(language):
        return set_shown(content, at=at)


def _lines(shown: "SetShown") -> Iterable[str]:
    yield ""
    yield f"{shown.title}  {shown.source}".rstrip()
    for area in shown.areas:
        days = f"{area.first or '…'}–{area.last or '…'}" if area.first or area.last else ""
        yield f"  * {area.name or area.code} {area.code} {area.graded} {days} {area.source}".rstrip()
    for question in shown.questions:
        yield f"  ? {question.asked}  {question.answered}  {' / '.join(question.choices)}".rstrip()
    for row in shown.rows:
        yield from _row(row)


def _row(row: "RuleRowTold") -> Iterable[str]:
    days = "–".join(day or "…" for day in row.days) if any(row.days) else ""
    yield f"  {row.name}  {row.measure}  {days}".rstrip()
    yield from (f"      + {condition}" for condition in row.when)
    yield from (f"      - {condition}" for condition in row.unless)
    yield f"      “{row.say}”"


def _words(shown: "SetShown") -> dict[str, Any]:
    return {
        "title": shown.title,
        "areas": [{"code": area.code, "name": area.name, "level": area.level} for area in shown.areas],
        "questions": [
            {"key": one.key, "asked": one.asked, "choices": one.choices} for one in shown.questions
        ],
        "rows": [
            {"row": row.name, "when": row.when, "unless": row.unless, "measure": row.measure, "say": row.say}
            for row in shown.rows
        ],
    }
