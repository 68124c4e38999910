"""Telling a finding: what a kind of finding is, and what one of them amounts to, in a sentence."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from lianfang.doors.tags import figure, moment
from lianfang.situation.quality import Finding, thresholds

OF_OFFICERS = frozenset({"BAD_CHECKSUM", "INCOMPLETE"})


def definition(code: str) -> str:
    """What is counted, from where on, and what is left out."""
    return _DEFINITIONS[code]()


def sentence(code: str, finding: Finding) -> str:
    return _SENTENCES[code](finding)


def who(code: str, finding: Finding) -> str:
    """The officer's own number or the phone's name; never a traveller."""
    if code in OF_OFFICERS:
        return finding.about or _("没有填登记人")
    return finding.about


def duration(seconds: int) -> str:
    """40 秒, 12 分钟, 3 小时, 2 天; without its sign."""
    seconds = abs(seconds)
    if seconds < 120:
        return _("%(n)s 秒") % {"n": figure(seconds)}
    if seconds < 120 * 60:
        return _("%(n)s 分钟") % {"n": figure(seconds // 60)}
    if seconds < 48 * 3600:
        return _("%(n)s 小时") % {"n": figure(seconds // 3600)}
    return _("%(n)s 天") % {"n": figure(seconds // 86_400)}


_DEFINITIONS: dict[str, Callable[[], str]] = {
    "BAD_CHECKSUM": lambda: (
        _("登记了 %(least)d 个以上证件、其中 %(percent)d%% 以上号码不符的登记人。更正后的号码按更正计。")
        % {"least": thresholds.DOCUMENTS_AT_LEAST, "percent": thresholds.BAD_PERCENT}
    ),
    "INCOMPLETE": lambda: _("必填的内容没有填、至今没有人更正过的记录，按登记人归在一起。"),
    "SHARED_PHONE": lambda: (
        _("%(n)d 个以上不同证件留了同一个电话。改过电话的不再计入；跨月的分开算。")
        % {"n": thresholds.DOCUMENTS_OF_A_PHONE}
    ),
    "DUPLICATE": lambda: (
        _(
            "同一车牌在同一卡口、同一方向 %(n)s之内登记了不止一次；或同一编号来了不同内容。改过车牌、方向、卡口或时间的不再计入。"
        )
        % {"n": duration(int(thresholds.SAME_CAR_WITHIN.total_seconds()))}
    ),
    "IMPOSSIBLE_RATE": lambda: (
        _("一台手机一分钟登记了超过 %(vehicles)d 辆车或 %(people)d 人，手工做不到。纸质转录和导入的不计。")
        % {"vehicles": thresholds.VEHICLES_A_MINUTE, "people": thresholds.PEOPLE_A_MINUTE}
    ),
    "CLOCK_SKEW": lambda: (
        _("记录的时间比收到时还晚 %(n)s以上，或早晚得不可能。断网后补报的不算；改过时间的不再计入。")
        % {"n": duration(int(thresholds.AHEAD.total_seconds()))}
    ),
    "UNKNOWN_CHECKPOINT": lambda: _("手机报的不是本机所属的卡口，或卡口不存在。改过卡口的不再计入。"),
    "UNSENT": lambda: (
        _(
            "开放的卡口里，有效的手机超过 %(silent)s没有上报，或登记后 %(never)s还从未上报。只看现在，与日期无关。"
        )
        % {
            "silent": duration(int(thresholds.UNSENT_AFTER.total_seconds())),
            "never": duration(int(thresholds.NEVER_SENT_AFTER.total_seconds())),
        }
    ),
    "TOLD_OTHERWISE": lambda: _(
        "手机当场告诉旅客的处置，和服务器判定的不一样，多半是手机断网时规则旧了。以服务器的为准；打开记录看两边各是什么。"
    ),
}


def _bad_checksum(finding: Finding) -> str:
    share = finding.count * 100 // (finding.of or 1)
    return _("%(of)s 个证件里 %(count)s 个不符，占 %(share)d%%") % {**_figures(finding), "share": share}


def _shared_phone(finding: Finding) -> str:
    given = {**_figures(finding), "places": finding.further, "at": moment(finding.at)}
    return _("%(count)s 个证件、%(of)s 次登记留了同一个电话，%(places)d 个卡口，最近 %(at)s") % given


def _duplicate(finding: Finding) -> str:
    given = {**_figures(finding), "at": moment(finding.at), "n": duration(finding.seconds or 0)}
    if finding.further:
        return _("一个编号又来了 %(count)s 份不同内容，%(at)s，等待核对") % given
    return _("同一车牌登记了 %(count)s 次，前后相差 %(n)s，%(at)s") % given


def _rate(finding: Finding) -> str:
    given = {**_figures(finding), "people": finding.further, "hour": moment(finding.at)}
    if finding.count and finding.further:
        return _("%(hour)s 起一小时里有 %(of)s 分钟过快，最快一分钟 %(count)s 辆车、%(people)d 人") % given
    if finding.count:
        return _("%(hour)s 起一小时里有 %(of)s 分钟过快，最快一分钟 %(count)s 辆车") % given
    return _("%(hour)s 起一小时里有 %(of)s 分钟过快，最快一分钟 %(people)d 人") % given


def _skew(finding: Finding) -> str:
    given = {**_figures(finding), "n": duration(finding.seconds or 0)}
    if (finding.seconds or 0) > 0:
        return _("%(of)s 条记录里 %(count)s 条时间不对，一般快 %(n)s") % given
    return _("%(of)s 条记录里 %(count)s 条时间不对，一般慢 %(n)s") % given


def _unsent(finding: Finding) -> str:
    silent = duration((finding.further or 0) * 3600)
    given = {"n": silent, "at": moment(finding.at), "waited": duration(finding.seconds or 0)}
    if finding.at is None:
        return _("登记后 %(n)s，从未上报") % given
    return _("%(n)s没有上报；最后一条 %(at)s 收到，之前在手机里等了 %(waited)s") % given


def _told_otherwise(finding: Finding) -> str:
    given = {**_figures(finding), "bound": finding.further, "at": moment(finding.at)}
    if finding.further:
        return _("%(count)s 人当场告知的不一样，其中 %(bound)d 人应隔离观察或到发热门诊，最近 %(at)s") % given
    return _("%(count)s 人当场告知的不一样，最近 %(at)s") % given


def _figures(finding: Finding) -> dict[str, str]:
    return {"count": figure(finding.count), "of": figure(finding.of)}


_SENTENCES: dict[str, Callable[[Finding], str]] = {
    "BAD_CHECKSUM": _bad_checksum,
    "INCOMPLETE": lambda finding: _("%(of)s 条记录里 %(count)s 条待补") % _figures(finding),
    "SHARED_PHONE": _shared_phone,
    "DUPLICATE": _duplicate,
    "IMPOSSIBLE_RATE": _rate,
    "CLOCK_SKEW": _skew,
    "UNKNOWN_CHECKPOINT": lambda finding: _("%(of)s 条记录里 %(count)s 条报了别的卡口") % _figures(finding),
    "UNSENT": _unsent,
    "TOLD_OTHERWISE": _told_otherwise,
}
