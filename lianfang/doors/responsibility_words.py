"""The words for who answers for a division, what lies over it, and who works in it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, Promise]

RESPONSIBLE_KINDS: Words = {"PRINCIPAL": _("责任人"), "DEPUTY": _("副责任人")}
RESPONSIBILITY_ENDINGS: Words = {"REPLACED": _("换人"), "ENDED": _("免去")}
OVERLAY_KINDS: Words = {"PARTY_AREA": _("党员责任区"), "VANGUARD_POST": _("先锋岗")}
STAFF_KINDS: Words = {
    "GRID_WORKER": _("网格员"),
    "SECONDED_OFFICER": _("下沉干部"),
    "PARTY_MEMBER": _("党员"),
    "VOLUNTEER": _("志愿者"),
}
# 五大员
DUTIES: Words = {
    "EPIDEMIC_PUBLICITY": _("防疫宣传"),
    "LEGAL_GUIDANCE": _("法治辅导"),
    "MARKET_SUPERVISION": _("市场监督"),
    "CIVIL_ERRANDS": _("民事代办"),
    "PARTY_BUILDING": _("党建指导"),
}
DIVISION_LEVELS: Words = {
    "PROVINCE": _("省"),
    "CITY": _("市"),
    "COUNTY": _("县、市、区"),
    "TOWNSHIP": _("乡镇、街道"),
    "VILLAGE": _("村、社区"),
    "GRID": _("网格"),
    "MICRO_GRID": _("微网格"),
}
