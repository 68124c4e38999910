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
    "KIN_TOLD": _("登记亲属"),
    "KIN_TAKEN_BACK": _("撤回亲属"),
    "CLOSED": _("注销档案"),
}
PAIRS: Words = {"DOCUMENT": _("证件相同"), "PHONE": _("电话相同，姓名相近")}
IMPORT_RESULTS: Words = {
    "ACCEPTED": _("已入台账"),
    "FLAGGED": _("已入台账，请核对"),
    "REFUSED": _("没有入台账"),
}
# Why a row of a community's table wants another look, or was not taken.
IMPORT_FINDINGS: Words = {
    "FORMULA": _("有公式或错误值，请改成文字"),
    "EMPTY_ROW": _("没有姓名、证件和门牌"),
    "NO_DOOR": _("没有门牌，上一行也没有"),
    "FILE_ELSEWHERE": _("档案在其他县区，请联系那里迁移"),
    "FILE_DESTROYED": _("档案已按期销毁"),
    "DOOR_CARRIED": _("门牌空着，按上一行"),
    "DOOR_ONLY": _("只有门牌没有人，只建了住户"),
    "NOTE_NOT_KEPT": _("这一户已有，备注没有改"),
    "GRID_UNKNOWN": _("找不到这个网格，按所选的地方入台账"),
    "DOCUMENT_SCIENTIFIC": _("证件号是数值格式，后几位已丢失，没有用作证件"),
    "DOCUMENT_ODD": _("证件号不合规，请核对"),
    "DOCUMENT_SHARED": _("一个证件号写了几个姓名，只算第一个人的"),
    "PHONES_SEVERAL": _("一格里有几个电话，第一个作联系电话，其余也留下了"),
    "PHONE_ODD": _("电话存疑"),
    "AGE_ONLY": _("只有年龄，没有出生日期"),
    "BORN_ODD": _("出生日期看不懂，写进了备注"),
    "RELATION_UNKNOWN": _("关系看不懂，写进了备注"),
    "STATE_UNKNOWN": _("人员状态看不懂，写进了备注"),
    "OCCUPANCY_UNKNOWN": _("居住情况看不懂，写进了备注"),
    "OCCUPANCY_ODD": _("写着空置或搬离，却有人，按自住"),
    "PRESENT_ELSEWHERE": _("此人已在另一户登记在家，这里记为外出"),
    "ROW_TWICE": _("这一户里同一人写了两次，只记一次"),
    "DIFFERS": _("与已有档案不一样，档案没有改"),
}
