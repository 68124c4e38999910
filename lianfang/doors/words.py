"""The words officers read for the codes that records carry. Chinese is the source, the catalogue has the English."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianfang.doors import choices
from lianfang.doors.act_words import ACTS, CHAIN_FINDINGS  # noqa: F401 -- two of the lists, long enough for a file of their own
from lianfang.doors.draft_words import AREA_LEVELS, DIFFERENCES, DRAFT_STATES, QUESTION_KINDS, RULE_FACTS  # noqa: F401 -- of rules
from lianfang.doors.duty_words import (  # noqa: F401 -- of headquarters and duty
    DEFENCE_FIGURES,
    DEFENCE_LINES,
    DUTY_PARTS,
    DUTY_ROLES,
    DUTY_STATES,
    GROUP_ROLES,
    OPEN_ITEMS,
    SWAP_STATES,
)
from lianfang.doors.message_words import MESSAGE_CHANNELS, MESSAGE_CODES, MESSAGE_PURPOSES, MESSAGE_STATES  # noqa: F401 -- of the outbox
from lianfang.doors.notice_words import PLACE_NOTICE_STATES  # noqa: F401 -- of notices of a place
from lianfang.doors.people_words import (  # noqa: F401 -- of people and households
    CALLS,
    FILE_STATES,
    HAPPENED,
    HOUSEHOLD_STATES,
    IMPORT_FINDINGS,
    IMPORT_RESULTS,
    OCCUPANCIES,
    PAIRS,
    RELATIONS,
    REMARKS,
    STAY_STATES,
)
from lianfang.doors.purge_words import PURGE_KINDS, PURGE_STATES, PURGE_STEPS, PURGED_TABLES  # noqa: F401 -- of purges
from lianfang.doors.quarantine_words import *  # noqa: F403 -- of quarantine
from lianfang.doors.referral_words import *  # noqa: F403 -- of hand-over
from lianfang.doors.rescreening_words import RESCREENING_CHANGES, RESCREENING_STATES  # noqa: F401 -- of re-screening
from lianfang.doors.responsibility_words import (  # noqa: F401 -- of who answers for a division and works in it
    DIVISION_LEVELS,
    DUTIES,
    GRID_PHONE_STATES,
    OVERLAY_KINDS,
    RESPONSIBILITY_ENDINGS,
    RESPONSIBLE_KINDS,
    STAFF_KINDS,
)

Words = Mapping[str, str | Promise | choices.Choice]

# Weakest first, as on the phone: the strongest of several leads.
MEASURES: Words = {
    "REGISTER": _("登记放行"),
    "RE_MEASURE": _("复测"),
    "NOTIFY_GRID": _("通知网格"),
    "QUARANTINE": _("隔离观察"),
    "FEVER_CLINIC": _("发热门诊"),
    "TURN_BACK_PROPOSED": _("建议劝返"),
}
PLACES: Words = {"HOME": _("居家"), "FACILITY": _("集中")}
DIRECTIONS: Words = {"IN": _("入"), "OUT": _("出")}
TRANSPORTS: Words = {
    "CAR": _("小客车"),
    "TRUCK": _("货车"),
    "COACH": _("客运大巴"),
    "BUS": _("公交车"),
    "TAXI": _("出租车"),
    "MOTORCYCLE": _("摩托车"),
    "TRAIN": _("火车"),
    "FOOT": _("步行"),
    "OTHER_VEHICLE": _("其他车辆"),
    "OTHER": _("其他"),
}
PURPOSES: Words = {choice.code: choice for choice in choices.PURPOSES}
PASS_CLASSES: Words = {choice.code: choice for choice in choices.PASS_CLASSES}
SYMPTOMS: Words = {choice.code: choice for choice in choices.SYMPTOMS}
DOCUMENTS: Words = {
    "RESIDENT_ID": _("身份证"),
    "HMT_RESIDENCE": _("港澳台居住证"),
    "HM_PASS": _("港澳通行证"),
    "TW_PASS": _("台胞证"),
    "PERMANENT_RESIDENCE": _("外国人永居证"),
    "PASSPORT": _("护照"),
    "OTHER": _("其他证件"),
    "NONE": _("无证件"),
}
OUTBOXES: Words = {"KEEP": _("保留未发记录"), "DROP": _("连未发记录一起清除")}
SEXES: Words = {"F": _("女"), "M": _("男")}
SITES: Words = {"FOREHEAD": _("额温"), "WRIST": _("腕温"), "EAR": _("耳温"), "ARMPIT": _("腋温")}
READINGS: Words = {"READ": _("已测"), "LOW": _("过低"), "NOT_TAKEN": _("未测")}
SOURCES: Words = {
    "OFFICER": _("工作人员登记"),
    "DECLARATION": _("旅客自填"),
    "PAPER": _("纸质转录"),
    "IMPORT": _("表格导入"),
}
# The tables of headquarters, in the order in which they are offered.
TABLES: Words = {
    "CHECKPOINT": _("卡口"),
    "HOUR": _("时段"),
    "DAY": _("日期"),
    "PURPOSE": _("事由"),
    "TRANSPORT": _("交通方式"),
    "MEASURE": _("措施"),
    "ORIGIN": _("来源省"),
    "ORIGIN_CITY": _("来源市"),
    "ORIGIN_COUNTY": _("来源县"),
    "DESTINATION": _("去向县"),
    "DESTINATION_TOWNSHIP": _("去向乡镇"),
}
FIGURES: Words = {"people": _("人次"), "vehicles": _("台次"), "passages": _("通行")}
TIERS: Words = {"BORDER": _("卡口"), "LOCAL": _("卡点")}
KINDS: Words = {
    "TOLL_GATE": _("高速口"),
    "STATION": _("车站"),
    "ROAD": _("国省干道"),
    "BOUNDARY": _("市界"),
    "VILLAGE": _("村口"),
    "QUARTER_GATE": _("小区门"),
    "CROSSING": _("路口"),
}
# The wall's way from the barrier to the end of quarantine.
FUNNEL: Words = {
    "ARRIVED": _("登记入城"),
    "AFFECTED_AREA": _("到过重点地区"),
    "FEVER_CLINIC": _("送发热门诊"),
    "UNDER_OBSERVATION": _("观察中"),
    "RELEASED": _("解除观察"),
}
CONTACT: Words = {"True": _("接触过病例"), "False": _("无接触"), "YES": _("接触过病例"), "NO": _("无接触")}

# What a named officer decides where rules propose to turn somebody back.
VERDICTS: Words = {"TURNED_BACK": _("劝返"), "ADMITTED": _("放行"), "LEFT": _("已离开卡口")}
# Whether somebody lives in this city, as told.
RESIDENT: Words = {
    "True": _("住在本市"),
    "False": _("不住在本市"),
    "YES": _("住在本市"),
    "NO": _("不住在本市"),
}
YES_NO: Words = {"YES": _("是"), "NO": _("否")}

# What is odd about many records at once.
FINDINGS: Words = {
    "BAD_CHECKSUM": _("证件校验不符"),
    "INCOMPLETE": _("待补"),
    "SHARED_PHONE": _("一个电话多人"),
    "DUPLICATE": _("疑似重复"),
    "IMPOSSIBLE_RATE": _("登记过快"),
    "CLOCK_SKEW": _("时钟不准"),
    "UNKNOWN_CHECKPOINT": _("卡口不符"),
    "UNSENT": _("久未上报的设备"),
    "TOLD_OTHERWISE": _("手机与服务器判定不一致"),
}
STATUSES: Words = {
    "ACCEPTED": _("已确认"),
    "DUPLICATE": _("重复"),
    "CONFLICT": _("冲突"),
    "SET_ASIDE": _("搁置"),
}
# What is odd about a record: a short word for lists, a sentence for its page.
FLAGS: Words = {
    "INCOMPLETE": _("待补"),
    "UNKNOWN_CHECKPOINT": _("卡口未知"),
    "OTHER_CHECKPOINT": _("非本机卡口"),
    "UNKNOWN_VALUE": _("未知选项"),
    "UNKNOWN_CODE": _("未知地区"),
    "UNKNOWN_FIELD": _("未知字段"),
    "CLOCK": _("时间不符"),
    "ID_TIME": _("编号时间异常"),
    "CAPTURED_OUTSIDE_ENROLMENT": _("有效期外录入"),
    "PLATE_ODD": _("号牌少见"),
    "PHONE_ODD": _("电话存疑"),
    "TEMPERATURE_ODD": _("体温存疑"),
    "DATE_ODD": _("日期存疑"),
    "DOCUMENT_CHECKSUM": _("证件校验不符"),
    "DOCUMENT_FORMAT": _("证件格式不符"),
    "DOCUMENT_LENGTH": _("证件位数不对"),
    "DOCUMENT_CHARSET": _("证件有误字"),
    "DOCUMENT_REGION": _("证件地区不存在"),
    "DOCUMENT_DATE": _("证件日期不对"),
    "DOCUMENT_FIRST_GENERATION": _("15 位旧证号"),
}
FLAG_SENTENCES: Words = {
    "INCOMPLETE": _("有必填内容没有填，请问清后更正补上。"),
    "UNKNOWN_CHECKPOINT": _("手机报的卡口代码不存在，已按本机所属卡口登记。"),
    "OTHER_CHECKPOINT": _("手机报的不是本机所属的卡口，请核对。"),
    "UNKNOWN_VALUE": _("有一个选项不在清单里，按“其他”计，原文已封存。"),
    "UNKNOWN_CODE": _("有一个地区代码读不出来，没有计入来源或去向。"),
    "UNKNOWN_FIELD": _("更正里有不认识的字段，已忽略。"),
    "CLOCK": _("手机时间与服务器相差太大，按收到的时间计日。"),
    "ID_TIME": _("记录编号里的时间不对，多半是手机时间不准。"),
    "CAPTURED_OUTSIDE_ENROLMENT": _("录入时这台手机还没有登记或登记已过期。"),
    "PLATE_ODD": _("与常见号牌格式不同，请核对。"),
    "PHONE_ODD": _("电话号码位数不对，请核对。"),
    "TEMPERATURE_ODD": _("读数不像人的体温，没有采用。"),
    "DATE_ODD": _("有一个日期读不出来，请核对。"),
    "DOCUMENT_CHECKSUM": _("证件号的校验位不符，多半有一位抄错。"),
    "DOCUMENT_FORMAT": _("号码与这种证件的格式不同，请核对。"),
    "DOCUMENT_LENGTH": _("证件号位数不对，应为 18 位。"),
    "DOCUMENT_CHARSET": _("证件号里有不该出现的字符。"),
    "DOCUMENT_REGION": _("证件号开头两位不存在。"),
    "DOCUMENT_DATE": _("证件号里的出生日期不存在，或在登记之后。"),
    "DOCUMENT_FIRST_GENERATION": _("15 位旧号码已停用，请看新证件。"),
}

# Checkpoint day: shifts, what is reported of one, how it stands.
SHIFTS: Words = {"NIGHT": _("夜班"), "DAY": _("白班"), "EVENING": _("晚班")}
REPORTS: Words = {"COUNTED": _("有通行"), "ZERO": _("零报告")}
CLOSING_STATES: Words = {
    "NOT_OPEN": _("未开放"),
    "NOT_DUE": _("未到时间"),
    "OPEN": _("未结"),
    "CLOSED": _("已结"),
    "ZERO": _("零报告"),
    "CHANGED": _("结后有变"),
}

# Paper: what a pad is for, what the second look compares, and why phone and paper differ while both run.
PAD_PURPOSES: Words = {"ENTRY": _("纸质登记"), "PILOT": _("试运行对照")}
SECOND_LOOK: Words = {
    "PLATE": _("车牌"),
    "PEOPLE": _("人数"),
    "DOCUMENT": _("证件号码"),
    "TEMPERATURE": _("体温"),
}
PILOT_KINDS: Words = {
    "MATCHED": _("对上"),
    "ONLY_PAPER": _("只有纸质"),
    "ONLY_PHONE": _("只有手机"),
    "OTHER_COUNT": _("人数不同"),
}
PILOT_REASONS: Words = {
    "PHONE_MISSED": _("手机漏登"),
    "PAPER_MISSED": _("纸质漏写"),
    "PLATE_WRONG": _("车牌写错"),
    "TIME_WRONG": _("时间写错"),
    "COUNT_WRONG": _("人数数错"),
    "TURNED_BACK": _("折返未登记"),
    "OTHER": _("其他原因"),
}

# Roles, and what each does, in a sentence.
ROLES: Words = {
    "HEADQUARTERS": _("指挥部值班员"),
    "COUNTY_DESK": _("县区值班员"),
    "TOWNSHIP_DESK": _("乡镇街道值班员"),
    "CHECKPOINT_LEAD": _("卡口负责人"),
    "WALL": _("大屏"),
    "ADMINISTRATOR": _("系统管理员"),
    "SECURITY_ADMINISTRATOR": _("安全管理员"),
    "AUDITOR": _("审计管理员"),
    "WORKER": _("后台程序"),
}
ROLE_SENTENCES: Words = {
    "HEADQUARTERS": _(
        "看全市态势，查记录，改记录，办理移交和隔离观察，管设备、卡点和大屏，起草和批准筛查规则，重新筛查，提出销毁。"
    ),
    "COUNTY_DESK": _(
        "在本县区内查看、查找、更正，接收移交，办理隔离观察和打卡，登记和停用设备，开设卡点，决定是否劝返，日清日结。"
    ),
    "TOWNSHIP_DESK": _(
        "在本乡镇街道内查看记录，接收移交，办理隔离观察和打卡，开设村口、小区卡点，录入纸质登记，日清日结。"
    ),
    "CHECKPOINT_LEAD": _(
        "看本卡口的车道、当班人员和手机，登记和停用手机，录入纸质登记，决定是否劝返，交接班，日清日结。"
    ),
    "WALL": _("只看不含个人信息的汇总数字。"),
    "ADMINISTRATOR": _("开设和停用人员账号，不授予岗位，不看登记内容。"),
    "SECURITY_ADMINISTRATOR": _("授予和收回岗位，定保存期限，签署销毁，不看登记内容。"),
    "AUDITOR": _("查看和核对审计记录、销毁证书，看筛查规则，不改任何东西。"),
    "WORKER": _("汇总数字、移交、下达隔离、提醒打卡的后台程序，不能登录。"),
}
# Whether a code is asked for beside the password: an officer has set one, not yet, or is one of a demo.
SECOND_FACTOR: Words = {"SET": _("已设"), "NOT_SET": _("未设"), "NOT_ASKED": _("演示，不用")}
# What somebody's file is read for: said once, noted with the reading.
PURPOSES_OF_READING: Words = {
    "INVESTIGATION": _("疫情处置"),
    "SUBJECT_ASKED": _("本人来询"),
    "CORRECTION": _("更正核对"),
    "INSPECTION": _("督查"),
}
# What an officer is told at the desk.
NOTICES: Words = {"GLASS_BROKEN": _("破窗查看"), "ROSTER_LOCKED": _("网格手机停用")}

# Whom a measure is passed on to, as the subject is told.
PASSED_ON: Words = {
    "NOTIFY_GRID": _("目的地所在的社区网格"),
    "QUARANTINE": _("目的地所在的社区网格或集中隔离点"),
    "FEVER_CLINIC": _("发热门诊"),
}
