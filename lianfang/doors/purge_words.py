"""The words for destroying what is over: its kinds, how far it has come, its steps, and what it clears."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, Promise]

PURGE_KINDS: Words = {
    "RETENTION": _("到期销毁"),
    "EVERYTHING": _("疫情结束全部销毁"),
    "SUBJECT": _("应本人要求删除"),
}
PURGE_STATES: Words = {
    "NIGHT": _("系统拟定"),
    "PROPOSED": _("待签署"),
    "SIGNED": _("正在销毁"),
    "REFUSED": _("已退回"),
    "DONE": _("已销毁"),
}
PURGE_STEPS: Words = {
    "DAY": _("没有措施的登记"),
    "WHOLE": _("当日全部登记"),
    "EVERYTHING": _("设备和申报"),
    "RECORDS": _("指定的记录"),
    "FILES": _("人员和住户档案"),
    "MESSAGES": _("短信提醒"),
    "KEYS": _("月密钥"),
    "SWEPT": _("销毁途中到达的"),
}
PURGED_TABLES: Words = {
    "registration": _("人员登记"),
    "passage": _("通行记录"),
    "correction": _("更正记录"),
    "conflict_item": _("冲突"),
    "paper_line": _("登记簿行"),
    "turn_back": _("劝返决定"),
    "declaration": _("旅客申报"),
    "roster": _("乘客名单"),
    "device": _("设备令牌"),
    "person": _("人员档案"),
    "household": _("住户"),
    "referral_event": _("移交时写下的说明"),
    "message": _("短信提醒的号码和内容"),
}
