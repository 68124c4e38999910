"""The words for people and households: how doors stand, where people are, how they are related, what happened to a file."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, Promise]

HOUSEHOLD_STATES: Words = {
    "UNVERIFIED": _("未核实"),
    "VERIFIED": _("已核实"),
    "STALE": _("待复核"),
    "VACANT": _("空置"),
    "RENTED": _("出租"),
    "MOVED": _("搬离"),
}
OCCUPANCIES: Words = {"OCCUPIED": _("自住"), "RENTED": _("出租"), "VACANT": _("空置"), "MOVED": _("搬离")}
STAY_STATES: Words = {
    "PRESENT": _("在家"),
    "AWAY": _("外出"),
    "RETURNED": _("外地返回"),
    "QUARANTINED": _("隔离观察中"),
    "HOSPITALISED": _("住院"),
    "MOVED_OUT": _("迁出"),
}
RELATIONS: Words = {
    "HEAD": _("户主"),
    "SPOUSE": _("配偶"),
    "CHILD": _("子女"),
    "PARENT": _("父母"),
    "GRANDCHILD": _("孙辈"),
    "GRANDPARENT": _("祖辈"),
    "SIBLING": _("兄弟姐妹"),
    "OTHER_KIN": _("其他亲属"),
    "TENANT": _("租客"),
    "NO_KIN": _("非亲属"),
    "UNKNOWN": _("关系不详"),
}
REMARKS: Words = {
    "LIVES_ALONE": _("独居老人"),
    "PREGNANT": _("孕产妇"),
    "CHRONIC": _("慢性病"),
    "DISABLED": _("残疾"),
    "INFANT": _("婴幼儿"),
    "AWAY": _("在外地"),
    "FROM_HUBEI": _("从湖北返回"),
    "OTHER": _("其他情况"),
}
CALLS: Words = {
    "REFERRAL": _("移交"),
    "REGISTRATION": _("卡口登记"),
    "ROSTER": _("住户台账导入"),
    "DESK": _("工作台建档"),
}
FILE_STATES: Words = {"OPEN": _("可读"), "DESTROYED": _("已按期销毁"), "UNREADABLE": _("打不开")}
HAPPENED: Words = {
    "OPENED": _("建档"),
    "CALLED": _("需要此人的档案"),
    "AMENDED": _("更改"),
    "STAYED": _("在户情况"),
    "KEPT": _("并入一份档案"),
    "MERGED": _("并入另一份档案"),
    "UNDONE": _("撤销合并"),
    "CLOSED": _("注销档案"),
}
PAIRS: Words = {"DOCUMENT": _("证件相同"), "PHONE": _("电话相同，姓名相近")}
IMPORT_RESULTS: Words = {
    "ACCEPTED": _("已入台账"),
    "FLAGGED": _("已入台账，请核对"),
    "REFUSED": _("没有入台账"),
}
