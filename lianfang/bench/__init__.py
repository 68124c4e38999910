"""Benches: what the platform is worth on this machine, measured beside the machine's own limit.

Each bench is a module here with `add(parser)`, `measure(options, progress) -> dict` and `report(figures) -> str`; it
judges nothing but what must never happen (`wrong(figures)`: a lost record, a wrong answer).
"""

BENCHES = {
    "intake": "登记接收：单条、成批、并发、断电 / the intake: singles, batches, storms, kills",
    "board": "指挥部的屏幕：看板、汇总、列表、查找 / headquarters: board, tables, lists, search",
    "handover": "移交：来源规模下每份名单 / hand-over: every list at the source's figures",
    "phone": "卡口手机：打开、断网启动、按键、点按次数 / the phone: load, offline start, taps, touches",
    "checkins": "健康打卡：三百万人打卡、断电、该提醒谁 / check-ins: three million enrolled, kills, who is reminded",
    "rescreen": "重新筛查：百万人重算、登记不受影响 / re-screening: a million decided again, the gates unharmed",
}
