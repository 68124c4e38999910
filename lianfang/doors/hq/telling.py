"""Telling a record: codes of places, lists and rules put into words for one page, in one question to the register."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianfang.checkpoints.history import Change, Event
from lianfang.checkpoints.queries import PassageFile, PersonFile
from lianfang.checkpoints.queries.person_files import MeasureShown
from lianfang.doors import words
from lianfang.doors.hq.questions import answer_words, question_words, questions_of
from lianfang.doors.words import Words
from lianfang.kernel.divisions import is_code
from lianfang.regions.queries import paths
from lianfang.screening.queries import rule_set

# The fields of the contract as officers call them.
FIELDS: Words = {
    "checkpoint": _("卡口"),
    "lane": _("车道"),
    "officer": _("登记人"),
    "crew": _("同班人员"),
    "direction": _("方向"),
    "source": _("登记方式"),
    "form": _("表单"),
    "seq": _("序号"),
    "declaration_id": _("申报编号"),
    "transport": _("交通方式"),
    "plate": _("车牌"),
    "vehicle_note": _("车辆描述"),
    "trip": _("车次/班次"),
    "roster_expected": _("应到人数"),
    "purpose": _("事由"),
    "occurred_at": _("时间"),
    "name": _("姓名"),
    "sex": _("性别"),
    "born_on": _("出生日期"),
    "nationality": _("国籍"),
    "occupation": _("职业"),
    "document": _("证件"),
    "guardian_id": _("监护人"),
    "phone": _("电话"),
    "from_code": _("从哪来"),
    "stays": _("十四天内住过"),
    "destination": _("到哪去"),
    "temperatures": _("体温"),
    "symptoms": _("症状"),
    "case_contact": _("接触史"),
    "resident": _("本市居住"),
    "answers": _("其他问题"),
    "shown": _("当场告知"),
}
_TABLES: Mapping[str, Words] = {
    "direction": words.DIRECTIONS,
    "source": words.SOURCES,
    "transport": words.TRANSPORTS,
    "purpose": words.PURPOSES,
    "sex": words.SEXES,
    "document": words.DOCUMENTS,
    "temperatures": {**words.READINGS, **words.SITES},
    "symptoms": words.SYMPTOMS,
    "case_contact": words.CONTACT,
    "resident": words.RESIDENT,
    "shown": words.MEASURES,
}
_PLACES = frozenset({"from_code", "stays", "destination"})
_TOKENS = re.compile(r"([ ；、]+)")


@dataclass(frozen=True, slots=True)
class Telling:
    """The names of the divisions that files of passages speak of."""

    places: Mapping[str, str]

    @classmethod
    def of(cls, file: PassageFile) -> "Telling":
        return cls.of_all([file], file.captured_on)

    @classmethod
    def of_all(cls, files: Iterable[PassageFile], on: date) -> "Telling":
        """As the register had them on that day."""
        return cls(paths({code for file in files for code in _codes(file)}, on))

    def place(self, code: str | None) -> str:
        """辽宁省鞍山市海城市西柳镇; the bare code where the register does not know it."""
        return self.places.get(code, code) if code else ""

    def changes(self, event: Event) -> list[tuple[str, str, str]]:
        """Of each change the field's name or the question, what stood there, what stands there now."""
        return [self._change(change, event.rule_set) for change in event.changes]

    def _change(self, change: Change, decided_by: str) -> tuple[str, str, str]:
        if key := change.field.partition(".")[2]:
            before, after = (answer_words(key, text, decided_by) for text in (change.before, change.after))
            return question_words(key, decided_by), before, after
        return (
            str(FIELDS.get(change.field, change.field)),
            self.value(change.field, change.before),
            self.value(change.field, change.after),
        )

    def answers(self, person: PersonFile) -> list[tuple[str, str, str]]:
        """What was answered, in the order it was asked: the key of each question, the question, the answer."""
        by = person.rule_set
        place = {key: n for n, key in enumerate(questions_of(by))}
        told = sorted(person.answers, key=lambda answered: place.get(answered.key, len(place)))
        return [(key, question_words(key, by), answer_words(key, text, by)) for key, text in told]

    def value(self, field: str, text: str) -> str:
        table = _TABLES.get(field, {})
        names = self.places if field in _PLACES else {}
        parts = _TOKENS.split(text)
        return "".join(str(table.get(part) or names.get(part) or part) for part in parts)


def _codes(file: PassageFile) -> Iterator[str]:
    for person in file.people:
        yield from _codes_of(person)
    for event in file.history:
        for change in event.changes:
            if change.field in _PLACES:
                yield from filter(is_code, _TOKENS.split(f"{change.before} {change.after}"))


def _codes_of(person: PersonFile) -> Iterator[str]:
    yield from (code for code in (person.from_code, person.destination_code) if code)
    yield from (stay.code for stay in person.stays)


def sentence(person: PersonFile, measure: MeasureShown) -> str:
    """What officers and travellers were told, from the very rule set that decided."""
    return sentence_of(person.rule_set, measure.row)


def sentence_of(decided_by: str, row: str) -> str:
    """The sentence of a row, empty where the rule set is not known any more."""
    try:
        say = rule_set(decided_by).say(row)
    except KeyError:
        return ""
    return say["en"] if (get_language() or "").startswith("en") else say["zh"]
