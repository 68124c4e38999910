"""docs/roles.md is what the code says: who may do what, and who may open which address."""

import re

from lianfang.command.roles import PERMISSION_NAMES, ROLES, Permission
from lianfang.doors.roles import ASK_FOR_A_DEVICE, ASK_FOR_MORE, addresses, page
from tests.house.sources import ROOT

CHINESE = re.compile(r"^[\u4e00-\u9fff、，]+$")


VILLAGES = ("api-village-check-in", "api-village-page")


def test_the_page_is_the_one_the_code_makes() -> None:
    committed = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")
    assert committed == page(), "write it again: python -m lianfang.doors.roles > docs/roles.md"


def test_every_permission_has_a_name_of_its_own_that_people_can_read() -> None:
    assert set(PERMISSION_NAMES) == set(Permission)
    assert len(set(PERMISSION_NAMES.values())) == len(Permission)
    assert all(CHINESE.match(name) for name in PERMISSION_NAMES.values())


def test_every_address_says_which_methods_it_answers() -> None:
    assert not [address.name for address in addresses() if not address.methods]


def test_every_address_stands_on_the_page_with_somebody_who_may_open_it() -> None:
    table = page().split("## 岗位能打开什么")[1]
    rows = dict(re.findall(r"^\| `[^`]+` \| `([^`]+)` \| [A-Z ]+ \| (.+) \|$", table, re.MULTILINE))
    assert {address.name for address in addresses()} | {"intake", "stream", *VILLAGES} == set(rows)
    assert not [name for name, who in rows.items() if not who.strip()]
    assert {*ASK_FOR_A_DEVICE, *ASK_FOR_MORE} <= set(rows)


def test_the_worker_opens_nothing_and_the_three_administrators_share_no_power() -> None:
    """What a purge was is seen by whoever proposes, signs or audits it; rules are nobody's data."""
    assert "后台程序 |" not in page().split("谁能打开")[1]
    offices = ("ADMINISTRATOR", "SECURITY_ADMINISTRATOR", "AUDITOR")
    three = [ROLES[code].permissions - {Permission.VIEW_PURGES, Permission.VIEW_RULES} for code in offices]
    assert sum(map(len, three)) == len(frozenset().union(*three))
    records = ROLES["HEADQUARTERS"].permissions
    assert not any(permissions & records for permissions in three)
