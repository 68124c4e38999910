"""Orders: the rule tables as a test wants them, and two rule sets of which one came after the other."""

import copy
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lianfang.machine.postgres import Database
from lianfang.screening import queries
from lianfang.screening.book import AFFECTED_AREAS
from lianfang.screening.models import RulePeriod, StoredRuleSet
from lianfang.screening.queries import book
from lianfang.screening.services import keep

OLDER = AFFECTED_AREAS.content()
NEWER = copy.deepcopy(OLDER)
NEWER["title"] = {"zh": "鞍山也是重点地区", "en": "Anshan is an affected area too"}
NEWER["areas"].append({"code": "2103", "level": "HIGH", "source": "试验"})
for _row in NEWER["rows"]:
    _row["say"] = {"zh": f"新规：{_row['say']['zh']}", "en": f"New: {_row['say']['en']}"}


class Orders:
    """The rule tables, emptied for a test and laid again after it."""

    def put(self, content: dict[str, Any], since: datetime, until: datetime) -> None:
        self.put_stored(keep(content, at=since).hash, since, until)

    def put_stored(self, content_hash: str, since: datetime, until: datetime) -> None:
        RulePeriod.objects.using("owner").create(
            rule_set_id=content_hash, during=DateTimeTZRange(since, until), approved_at=since
        )

    def put_text(self, content_hash: str, content: str, since: datetime, until: datetime) -> None:
        StoredRuleSet.objects.using("owner").create(hash=content_hash, content=content, added_at=since)
        self.put_stored(content_hash, since, until)

    def allow(self, verb: str) -> None:
        """GRANT or REVOKE the intake's right to read which rules are in force."""
        with connections["owner"].cursor() as cursor:
            to = "TO" if verb == "GRANT" else "FROM"
            cursor.execute(f"{verb} SELECT ON rule_period {to} lianfang_intake")


@pytest.fixture
def orders(clean: Database) -> Iterator[Orders]:
    periods, rule_sets = RulePeriod.objects.using("owner"), StoredRuleSet.objects.using("owner")
    laid, kept = list(periods.all()), list(rule_sets.values_list("hash", flat=True))
    periods.all().delete()
    queries._complained.clear()
    yield Orders()
    periods.all().delete()
    rule_sets.exclude(hash__in=kept).delete()
    periods.bulk_create(laid)
    book(anew=True)


ASKING = copy.deepcopy(OLDER)
ASKING["title"] = {"zh": "加问两题", "en": "Two more questions"}
ASKING["questions"] = [
    {"key": "sealed_train", "kind": "YES_NO", "zh": "坐过密闭列车吗", "en": "Were you on a sealed train?"},
    {
        "key": "place",
        "kind": "CHOICE",
        "zh": "去过哪个市场",
        "en": "Which market were you in?",
        "choices": [
            {"code": "SEAFOOD", "zh": "海鲜市场", "en": "Seafood market"},
            {"code": "NONE_OF_THEM", "zh": "都没去过", "en": "None"},
        ],
    },
    {"key": "nights", "kind": "NUMBER", "zh": "住了几晚", "en": "How many nights?"},
]
