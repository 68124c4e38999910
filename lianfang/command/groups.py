"""The groups of a headquarters, as the city's own report of February 2020 names them.

It counts eight in the Office and names six: the other two are a city's to add, as are those of publicity, which it only
counts. Nothing here is invented.
"""

from typing import NamedTuple


class NamedGroup(NamedTuple):
    """A group with its names; `within`: the code of the group it belongs to."""

    code: str
    zh: str
    en: str
    within: str | None = None


OFFICE = "OFFICE"
GROUPS = (
    NamedGroup(OFFICE, "指挥部办公室", "Office of the headquarters"),
    NamedGroup("SECRETARIAT", "秘书组", "Secretariat", OFFICE),
    NamedGroup("DOCUMENTS", "文电组", "Documents and telegrams", OFFICE),
    NamedGroup("COMPLAINTS", "诉求举报组", "Requests and reports", OFFICE),
    NamedGroup("STATISTICS", "数据统计组", "Statistics", OFFICE),
    NamedGroup("SUPERVISION", "督办组", "Supervision", OFFICE),
    NamedGroup("LEGAL", "法制保障组", "Legal support", OFFICE),
    NamedGroup("PARTY_AND_MASSES", "党群动员组", "Party and mass mobilisation"),
    NamedGroup("BUSINESSES", "企业和工商业户组", "Enterprises and businesses"),
    NamedGroup("INFORMATION", "综合信息组", "General information"),
)
