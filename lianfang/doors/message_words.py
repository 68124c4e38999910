"""The words of the outbox: how a message goes, where it stands, what it is about, why it came to nothing."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGE_CHANNELS: Mapping[str, Promise] = {
    "SMS": _("短信"),
    "ROBOT": _("群机器人"),
    "CALL_LIST": _("电话名单"),
}
MESSAGE_STATES: Mapping[str, Promise] = {
    "WAITING": _("待发"),
    "SENT": _("已发出"),
    "FAILED": _("等待重发"),
    "GIVEN_UP": _("不再发"),
    "OVERTAKEN": _("已不需要"),
}
MESSAGE_PURPOSES: Mapping[str, Promise] = {
    "CHECK_IN_DUE": _("还没有报告体温"),
    "TEST": _("试发"),
}
# Why a try came to nothing. What another house's server says (HTTP_500, ERRCODE_93000) stands as it is.
MESSAGE_CODES: Mapping[str, Promise] = {
    "NO_MOBILE": _("没有手机号"),
    "NO_GATEWAY": _("没有接入短信网关"),
    "NO_TOKEN": _("读不到短信网关的令牌文件"),
    "TIMEOUT": _("对方没有按时答复"),
    "UNREACHABLE": _("连不上对方"),
    "CERTIFICATE": _("对方的证书不可信"),
    "ADDRESS": _("地址不能用"),
    "UNANSWERED": _("对方没有说结果"),
    "REFUSED": _("对方不收"),
    "BAD_NUMBER": _("号码有误"),
    "ERRCODE_45009": _("一分钟内太多，稍后再发"),
    "PERSONAL": _("内容里有证件号或手机号，没有发"),
    "TOO_LONG": _("内容太长，没有发"),
    "UNREADABLE": _("内容已销毁"),
    "LOST": _("发送途中程序中断，结果不明"),
    "DAY_OVER": _("当天已过"),
    "TOO_LATE": _("过了填报时间"),
    "OVERTAKEN": _("已不需要"),
    "ROBOT_RETIRED": _("机器人已停用"),
}
