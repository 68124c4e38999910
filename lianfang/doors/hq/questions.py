"""Questions that headquarters added, and the answers to them, in the words of the rules that asked."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianfang.doors.hq.rule_words import said_in
from lianfang.doors.words import YES_NO, Words
from lianfang.screening.queries import book

# What a paper register says that stands under no name of the contract.
ON_PAPER: Words = {
    "paper_from": _("纸上写的来处"),
    "paper_to": _("纸上写的去处"),
    "paper_symptoms": _("纸上写的症状"),
}


def questions_of(decided_by: str) -> Mapping[str, Mapping[str, Any]]:
    """The questions of a rule set, by key, in its order; none when nobody knows it."""
    rule_set = book().by_hash.get(decided_by)
    return rule_set.questions if rule_set else {}


def question(key: str, decided_by: str) -> Mapping[str, Any] | None:
    """As the rule set put it that decided. A phone that had not heard of it yet asked by an older or newer one: the newest."""
    asked = questions_of(decided_by).get(key)
    if asked is not None:
        return asked
    newest_first = (period.rule_set for period in reversed(book().periods))
    return next((one.questions[key] for one in newest_first if key in one.questions), None)


def question_words(key: str, decided_by: str) -> str:
    """The question as it is read out; its key where no rule set knows it."""
    asked = question(key, decided_by)
    return said_in(asked) if asked else str(ON_PAPER.get(key, key))


def answer_words(key: str, answer: str, decided_by: str) -> str:
    """`answer` is YES, NO, a code or a number, or somebody's own words, which stand as they are."""
    asked = question(key, decided_by) or {}
    chosen = next((one for one in asked.get("choices", ()) if one["code"] == answer), None)
    return said_in(chosen) if chosen else str(YES_NO.get(answer, answer))
