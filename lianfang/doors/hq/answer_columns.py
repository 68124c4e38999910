"""What people answered, as columns of a sheet that is handed on: one for each question that anybody was asked."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from lianfang.checkpoints.queries.person_files import PersonFile
from lianfang.doors.hq.questions import answer_words, question, question_words, questions_of
from lianfang.doors.words import YES_NO


def answer_columns(people: Sequence[PersonFile]) -> tuple[list[str], list[list[str]]]:
    """Headings, and a row for each person: in the words of the rules that asked, empty where nothing was said.

    What stands under no question of any rules (a seat, words of a paper register) is no answer. What was chosen goes along;
    anybody's own words stay in the record, where opening them is an act.
    """
    asked = {
        one.key: person.rule_set
        for person in people
        for one in person.answers
        if question(one.key, person.rule_set) is not None
    }
    in_their_order = (
        key for decided_by in asked.values() for key in questions_of(decided_by) if key in asked
    )
    keys = list(dict.fromkeys((*in_their_order, *asked)))
    headings = [question_words(key, asked[key]) for key in keys]
    rows = [_row(person, keys) for person in people]
    if all(person.resident is None for person in people):
        return headings, rows
    return [_("本市居民"), *headings], [
        [_resident(person), *row] for person, row in zip(people, rows, strict=True)
    ]


def _row(person: PersonFile, keys: Sequence[str]) -> list[str]:
    said = {
        one.key: answer_words(one.key, one.text, person.rule_set)
        if one.key in person.answer_codes
        else _("见登记记录")
        for one in person.answers
    }
    return [said.get(key, "") for key in keys]


def _resident(person: PersonFile) -> str:
    return "" if person.resident is None else str(YES_NO["YES" if person.resident else "NO"])
