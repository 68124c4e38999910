"""What this city holds, why, and until when: made from the retention in force, whenever somebody asks."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lianfang.custody.retention import AUDIT, FILE, MEASURE, PASSING, VILLAGE, in_force

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of record: what it is, what for, how long, and what remains."""

    what: Text
    why: Text
    until: Text
    after: Text


DECLARED = Holding(
    _("旅客自己填的申报，没有到卡口出示的"),
    _("到卡口时少填一次"),
    _("24 小时"),
    _("全部删除"),
)
CARD = Holding(
    _("常走一条路的人自己做的通勤卡"),
    _("一周内每次到卡口少填一次"),
    _("7 天"),
    _("全部删除"),
)


def of_travellers() -> list[Holding]:
    """What a traveller is told before declaring."""
    days = {code: one.days for code, one in in_force().items()}
    return [
        DECLARED,
        CARD,
        Holding(
            _("卡口登记，没有后续措施的：姓名、证件号、电话、来处、去处、体温、症状"),
            _("发现疫情时通知同行的人，统计人员流动"),
            format_lazy(_("登记之日起 {n} 天"), n=days[PASSING]),
            _("销毁当天的密钥，只留不含姓名和号码的汇总"),
        ),
        Holding(
            _("卡口登记，有隔离观察或就诊措施的"),
            _("安排和解除措施，让目的地网格的人上门，方便本人核对"),
            format_lazy(_("措施解除后 {n} 天"), n=days[MEASURE]),
            _("销毁密钥，只留不含姓名和号码的汇总"),
        ),
    ]


def _of_files() -> Holding:
    return Holding(
        _("人员档案和住户台账：需要上门、观察、转送的人，以及住在哪一户"),
        _("让社区、网格的人找到要找的门，不重复打扰"),
        format_lazy(_("档案注销后 {n} 天"), n=in_force()[FILE].days),
        _("每份档案一把密钥，到期清除，谁也打不开"),
    )


def _written() -> Holding:
    days = {code: one.days for code, one in in_force().items()}
    return Holding(
        _("移交给社区的经过：谁在什么时候答复，以及写下的说明、问到的地址"),
        _("让接手的人找到门，不漏一人"),
        format_lazy(_("措施解除后 {n} 天，或档案注销后 {m} 天，先到为准"), n=days[MEASURE], m=days[FILE]),
        _("写下的话连同各自的密钥清除，只留不含姓名的经过"),
    )


def holdings() -> Iterator[Holding]:
    """Everything, as the public page shows it."""
    yield from of_travellers()
    yield _of_files()
    yield _written()
    yield Holding(
        _("从重点地区返回的提示"),
        _("提醒社区关心和照看"),
        _("返回后 14 天"),
        _("提示消失"),
    )
    yield Holding(
        _("村级自愿打卡：一户在家几人、不舒服几人，不问姓名、电话、证件"),
        _("看哪个村有人不舒服，让村里去问问"),
        format_lazy(_("{n} 天"), n=in_force()[VILLAGE].days),
        _("全部删除"),
    )
    yield Holding(
        _("谁在什么时候登记、更正过记录"),
        _("监督工作人员，追查泄露"),
        format_lazy(_("至少 {n} 天"), n=in_force()[AUDIT].days),
        _("按法律规定保存"),
    )
    yield Holding(
        _("汇总数字：台次、人次、来源地、措施"),
        _("掌握疫情、发布日报"),
        _("长期"),
        _("不含任何个人信息，五人以下不公布"),
    )
