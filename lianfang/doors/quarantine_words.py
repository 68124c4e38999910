"""The words of quarantine and check-in: where an order stands, what was done about it, who is on which list."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

__all__ = [
    "CARE_KINDS",
    "CHECK_IN_LISTS",
    "CHECK_IN_WAYS",
    "CORRECTION_VERDICTS",
    "FOLLOW_UP_KINDS",
    "FOLLOW_UP_OUTCOMES",
    "HALVES",
    "ORDER_ACTS",
    "ORDER_KINDS",
    "ORDER_LISTS",
    "ORDER_STATES",
    "PASTED_DOUBTS",
    "REASON_KINDS",
    "RELEASE_HINDRANCES",
    "REPORT_VERDICTS",
    "WORK_LISTS",
]

ORDER_KINDS: Words = {"HOME": _("居家隔离"), "FACILITY": _("集中隔离")}
ORDER_STATES: Words = {
    "ORDERED": _("待送达"),
    "NOTIFIED": _("已送达"),
    "IN_PLACE": _("隔离中"),
    "BROKEN": _("擅离"),
    "RELEASED": _("已解除"),
    "MOVED_TO_ISOLATION": _("转隔离治疗"),
    "HANDED_OVER": _("移交外地"),
    "LIFTED": _("已撤销"),
}
ORDER_ACTS: Words = {
    "ORDERED": _("下达"),
    "NOTIFIED": _("送达"),
    "IN_PLACE": _("到位"),
    "BLOCKED": _("未能到位：照料没有落实"),
    "REASON_ADDED": _("增加事由"),
    "REASON_TAKEN_BACK": _("撤回事由"),
    "EXTENDED": _("延长"),
    "TRANSFERRED": _("转移"),
    "BROKEN": _("擅离"),
    "CARE_ANSWERED": _("问清照料"),
    "CARE_SETTLED": _("照料已落实"),
    "SLIP_PRINTED": _("打印告知书"),
    "CORRECTION_ASKED": _("提出异议"),
    "CORRECTION_ANSWERED": _("答复异议"),
    "RELEASED": _("解除"),
    "MOVED_TO_ISOLATION": _("转隔离治疗"),
    "HANDED_OVER": _("移交外地"),
    "LIFTED": _("撤销"),
}
# The lists of a desk, in the order in which an order passes through them.
ORDER_LISTS: Words = {
    "TO_TELL": _("待送达"),
    "TOLD": _("待到位"),
    "IN_PLACE": _("隔离中"),
    "LEFT": _("擅离"),
    "TO_RELEASE": _("待解除"),
    "CARE": _("照料未落实"),
    "ENDED": _("近期结束"),
}
REASON_KINDS: Words = {"RULE": _("筛查规则"), "OFFICER": _("值班员认定"), "CONTACT": _("密切接触")}
CARE_KINDS: Words = {
    "DEPENDANTS": _("家里有人靠他照顾"),
    "MEDICINE": _("长期服药"),
    "DIALYSIS": _("透析"),
    "PREGNANCY": _("孕产"),
}
HALVES: Words = {"MORNING": _("上午"), "EVENING": _("下午")}
PASTED_DOUBTS: Words = {
    "NAME": _("可能是别人"),
    "READING": _("不止一个体温"),
    "SYMPTOM": _("问了症状，没写有没有"),
}
REPORT_VERDICTS: Words = {"WELL": _("无异常"), "SYMPTOMATIC": _("有症状"), "NOT_READ": _("没有读数")}
# Exactly one for everybody who is observed, the most pressing first.
WORK_LISTS: Words = {
    "SYMPTOMATIC": _("有症状"),
    "MISSED": _("漏报"),
    "DUE": _("待报"),
    "DONE": _("已报"),
}
# The lists of the one number: whom it misses, and the four.
CHECK_IN_LISTS: Words = {"NEITHER": _("未报"), **WORK_LISTS}
CHECK_IN_WAYS: Words = {
    "SELF": _("本人打卡"),
    "RESPONDER": _("家人代报"),
    "GRID_DOOR": _("上门"),
    "GRID_PHONE": _("电话"),
    "DESK": _("值班台登记"),
    "PASTED": _("接龙导入"),
}
FOLLOW_UP_KINDS: Words = {"CALL": _("电话问询"), "VISIT": _("上门看望"), "CLINIC": _("转发热门诊")}
FOLLOW_UP_OUTCOMES: Words = {
    "WELL": _("无异常"),
    "UNWELL": _("不舒服"),
    "NO_ANSWER": _("没有人接"),
    "NOT_THERE": _("不在"),
    "AT_CLINIC": _("已到发热门诊"),
    "NOT_ILL": _("已就诊，排除"),
    "ADMITTED": _("已收治"),
    "OVERTAKEN": _("已不需要"),
}
CORRECTION_VERDICTS: Words = {
    "UPHELD": _("维持"),
    "CHANGED": _("已更改"),
    "LIFTED": _("撤销隔离"),
}
# Why somebody is not released with everybody else whose last day is over.
RELEASE_HINDRANCES: Words = {
    "CLINIC_OPEN": _("发热门诊还没有结果"),
    "ADMITTED": _("门诊已收治，之后还没有当面见到他无异常"),
    "SYMPTOMATIC": _("最后一次报告有症状"),
    "BROKEN": _("擅离未归"),
    "NOT_IN_PLACE": _("一直没有到位"),
    "NOT_FOUND": _("上门不在，之后没有消息"),
}
