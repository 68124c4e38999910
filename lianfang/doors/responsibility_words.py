"""The words for who answers for a division, what lies over it, who works in it, and how a grid worker's phone stands."""

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
GRID_PHONE_STATES: Words = {
    "INVITED": _("等待登记"),
    "NOT_USED": _("邀请码过期"),
    "READING": _("能看名单"),
    "EXPIRED": _("已满 24 小时"),
    "REVOKED": _("已停用"),
    "LOCKED": _("密码锁定"),
}
