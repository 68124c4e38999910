"""The auditor reads in words what was done about rules and re-screenings, and opens what was approved."""

import pytest
from django.test import Client

from lianfang.screening.models import RuleDraft
from lianfang.screening.rules import hash_of
from tests import factories
from tests.doors.desk import at_desk, text
from tests.doors.test_hq_rescreenings import Desks, add_area, desks
from tests.doors.test_hq_waiting import proposed
from tests.factories import HAICHENG
from tests.noted import noted

__all__ = ["desks"]


@pytest.fixture
def auditor(desks: Desks) -> Client:
    return at_desk(factories.officer("AUDITOR", name="审计员"))


def test_what_was_proposed_and_why_it_was_refused_stands_in_the_log_alone(
    desks: Desks, auditor: Client
) -> None:
    draft = proposed(desks)
    desks.second.post(f"{draft}/refuse", {"answer": "文号写错了"})
    asked, refused = noted("RULES_PROPOSED", "RULES_REFUSED")
    content_hash = hash_of(RuleDraft.objects.using("owner").get().content)
    assert asked.details["rule_set"] == refused.details["rule_set"] == content_hash
    assert refused.details["reason"] == "文号写错了"
    page = text(auditor.get("/desk/audit"))
    assert "文号写错了" in page
    assert content_hash in page


def test_why_rules_were_ended_stands_there_too(desks: Desks, auditor: Client) -> None:
    add_area()
    assert desks.first.post("/desk/rules/end", {"reason": "省指挥部 3 号令"}).status_code == 302
    (entry,) = noted("RULES_ENDED")
    assert entry.details == {"reason": "省指挥部 3 号令"}
    assert "省指挥部 3 号令" in text(auditor.get("/desk/audit"))


def test_a_re_screening_stands_in_words(desks: Desks, auditor: Client) -> None:
    desks.arrive()
    add_area()
    desks.done()
    page = text(auditor.get("/desk/audit"))
    for word in ("重新筛查", "增加或加严</span> 1", "看了</span> 1"):
        assert word in page, word
    for code in ("RESCREENING ", ">gain<", ">looked<", ">since<", ">until<", ">why<"):
        assert code not in page, code


@pytest.mark.parametrize("role", ["AUDITOR", "CHECKPOINT_LEAD"])
def test_whoever_audits_or_decides_on_turning_back_reads_the_rules_and_nothing_more(
    desks: Desks, role: str
) -> None:
    client = at_desk(factories.officer(role, HAICHENG if role == "CHECKPOINT_LEAD" else factories.ANSHAN))
    page = client.get("/desk/rules")
    assert page.status_code == 200
    assert "<form" not in text(page).split("<main")[1].split("</main>")[0]
    assert client.get("/desk/areas").status_code == 200
    for address in ("/desk/rules/drafts", "/desk/areas/begin", "/desk/rules/end", "/desk/rules/renew"):
        assert client.post(address, {}).status_code in (403, 404, 405)
    draft = proposed(desks)
    assert client.get(draft).status_code == 403
