"""What this city holds, why, and until when: the defaults that a city's lawyer confirms.

Until retention is configured per table, the public page is made from this one.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of record: what it is, what for, how long, and what remains."""

    what: Text
    why: Text
    until: Text
    after: Text


REGISTERED = Holding(
    _("卡口登记，没有后续措施的：姓名、证件号、电话、来处、去处、体温、症状"),
    _("发现疫情时通知同行的人，统计人员流动"),
    _("登记之日起 28 天"),
    _("销毁当天的密钥，只留不含姓名和号码的汇总"),
)
REGISTERED_WITH_MEASURES = Holding(
    _("卡口登记，有隔离观察或就诊措施的"),
    _("安排和解除措施，方便本人核对"),
    _("措施解除后 60 天"),
    _("销毁密钥，只留不含姓名和号码的汇总"),
)
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
# What a traveller is told before declaring.
OF_TRAVELLERS = (DECLARED, CARD, REGISTERED, REGISTERED_WITH_MEASURES)
HOLDINGS = (
    REGISTERED,
    REGISTERED_WITH_MEASURES,
    DECLARED,
    CARD,
    Holding(
        _("从疫情重点地区返回的提示"),
        _("提醒社区关心和照看"),
        _("返回后 14 天"),
        _("提示消失"),
    ),
    Holding(
        _("谁在什么时候登记、更正过记录"),
        _("监督工作人员，追查泄露"),
        _("至少 6 个月"),
        _("按法律规定保存"),
    ),
    Holding(
        _("汇总数字：台次、人次、来源地、措施"),
        _("掌握疫情、发布日报"),
        _("长期"),
        _("不含任何个人信息，五人以下不公布"),
    ),
)
