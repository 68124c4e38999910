"""Roles and permissions, as readable code. What an officer may see is role times reach."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    VIEW_BOARD = "VIEW_BOARD"
    VIEW_WALL = "VIEW_WALL"
    VIEW_PASSAGES = "VIEW_PASSAGES"
    SEARCH_PEOPLE = "SEARCH_PEOPLE"
    CORRECT_RECORDS = "CORRECT_RECORDS"
    MANAGE_DEVICES = "MANAGE_DEVICES"
    OPEN_POSTS = "OPEN_POSTS"
    MANAGE_OFFICERS = "MANAGE_OFFICERS"
    CLOSE_SHIFTS = "CLOSE_SHIFTS"
    ASSIGN_FINDINGS = "ASSIGN_FINDINGS"
    MANAGE_DISPLAYS = "MANAGE_DISPLAYS"
    RECEIVE_OUTBOXES = "RECEIVE_OUTBOXES"
    TRANSCRIBE_PAPER = "TRANSCRIBE_PAPER"
    LEAD_CHECKPOINTS = "LEAD_CHECKPOINTS"
    UNMASK = "UNMASK"
    BREAK_GLASS = "BREAK_GLASS"
    ANSWER_SUBJECTS = "ANSWER_SUBJECTS"
    INVITE_GRID_WORKERS = "INVITE_GRID_WORKERS"
    VIEW_PURGES = "VIEW_PURGES"
    PROPOSE_PURGES = "PROPOSE_PURGES"
    SIGN_PURGES = "SIGN_PURGES"
    SET_RETENTION = "SET_RETENTION"
    GRANT_POSTINGS = "GRANT_POSTINGS"
    READ_AUDIT = "READ_AUDIT"
    VIEW_RULES = "VIEW_RULES"
    DRAFT_RULES = "DRAFT_RULES"
    APPROVE_RULES = "APPROVE_RULES"
    RESCREEN = "RESCREEN"
    DECIDE_TURN_BACK = "DECIDE_TURN_BACK"
    VIEW_REFERRALS = "VIEW_REFERRALS"
    ANSWER_REFERRALS = "ANSWER_REFERRALS"
    KEEP_REMINDERS = "KEEP_REMINDERS"
    VIEW_RESPONSIBILITY = "VIEW_RESPONSIBILITY"
    KEEP_RESPONSIBILITY = "KEEP_RESPONSIBILITY"
    VIEW_PEOPLE = "VIEW_PEOPLE"
    KEEP_PEOPLE = "KEEP_PEOPLE"
    MERGE_PEOPLE = "MERGE_PEOPLE"
    VIEW_DUTY = "VIEW_DUTY"
    KEEP_DUTY = "KEEP_DUTY"
    VIEW_QUARANTINE = "VIEW_QUARANTINE"
    KEEP_QUARANTINE = "KEEP_QUARANTINE"
    SET_CHECK_IN = "SET_CHECK_IN"
    KEEP_NOTICES = "KEEP_NOTICES"


# What each permits, as officers and auditors call it.
PERMISSION_NAMES: dict[Permission, str] = {
    Permission.VIEW_BOARD: "看汇总数字",
    Permission.VIEW_WALL: "看大屏",
    Permission.VIEW_PASSAGES: "看通行记录",
    Permission.SEARCH_PEOPLE: "按号码查找",
    Permission.CORRECT_RECORDS: "更正记录",
    Permission.MANAGE_DEVICES: "登记和停用手机",
    Permission.OPEN_POSTS: "开设卡点",
    Permission.MANAGE_OFFICERS: "任用和停用人员账号",
    Permission.CLOSE_SHIFTS: "日清日结",
    Permission.ASSIGN_FINDINGS: "交办数据质量问题",
    Permission.MANAGE_DISPLAYS: "生成和停用大屏令牌",
    Permission.RECEIVE_OUTBOXES: "接收待发箱",
    Permission.TRANSCRIBE_PAPER: "录入纸质登记",
    Permission.LEAD_CHECKPOINTS: "卡口现场和交接班",
    Permission.UNMASK: "写明事由看全号码和姓名",
    Permission.BREAK_GLASS: "破窗查看辖区以外",
    Permission.ANSWER_SUBJECTS: "答复本人查询、更正、删除",
    Permission.INVITE_GRID_WORKERS: "登记网格手机",
    Permission.VIEW_PURGES: "看到期和销毁记录",
    Permission.PROPOSE_PURGES: "提出销毁",
    Permission.SIGN_PURGES: "签署销毁",
    Permission.SET_RETENTION: "定保存期限",
    Permission.GRANT_POSTINGS: "授予和收回岗位",
    Permission.READ_AUDIT: "查看审计记录",
    Permission.VIEW_RULES: "看筛查规则",
    Permission.DRAFT_RULES: "起草筛查规则",
    Permission.APPROVE_RULES: "批准筛查规则",
    Permission.RESCREEN: "重新筛查",
    Permission.DECIDE_TURN_BACK: "决定是否劝返",
    Permission.VIEW_REFERRALS: "看移交",
    Permission.ANSWER_REFERRALS: "接收和答复移交",
    Permission.KEEP_REMINDERS: "管理提醒通道",
    Permission.VIEW_RESPONSIBILITY: "看责任体系",
    Permission.KEEP_RESPONSIBILITY: "指定和更换责任人",
    Permission.VIEW_PEOPLE: "看人员档案和住户台账",
    Permission.KEEP_PEOPLE: "建立和维护人员档案、住户台账",
    Permission.MERGE_PEOPLE: "合并重复的人员档案",
    Permission.VIEW_DUTY: "看值班，本人签到、交接班",
    Permission.KEEP_DUTY: "编工作组、排值班表",
    Permission.VIEW_QUARANTINE: "看隔离观察和健康打卡",
    Permission.KEEP_QUARANTINE: "办理隔离观察和健康打卡",
    Permission.SET_CHECK_IN: "定打卡标准",
    Permission.KEEP_NOTICES: "起草和批准通告",
}


@dataclass(frozen=True, slots=True)
class Role:
    """A role with the name officers read and what it permits."""

    code: str
    name: str
    description: str
    permissions: frozenset[Permission]


_P = Permission
# 三员分立 (GB/T 22239-2019, level 3): who appoints grants nothing, who grants reads nothing, who audits changes nothing.
_ADMINISTRATION = frozenset(
    {_P.MANAGE_OFFICERS, _P.GRANT_POSTINGS, _P.SIGN_PURGES, _P.SET_RETENTION, _P.READ_AUDIT}
)
ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "HEADQUARTERS",
            "指挥部值班员",
            "看全市态势，查记录，改记录，办理移交和隔离观察，管设备、卡点和大屏，起草和批准筛查规则，重新筛查，提出销毁。",
            frozenset(_P) - _ADMINISTRATION,
        ),
        Role(
            "COUNTY_DESK",
            "县区值班员",
            "在本县区内查看、查找、更正，接收移交，办理隔离观察和打卡，登记和停用设备，开设卡点，决定是否劝返，日清日结。",
            frozenset(_P)
            - _ADMINISTRATION
            - {
                _P.MANAGE_DISPLAYS,
                _P.VIEW_PURGES,
                _P.PROPOSE_PURGES,
                _P.DRAFT_RULES,
                _P.APPROVE_RULES,
                _P.RESCREEN,
                _P.SET_CHECK_IN,
            },
        ),
        Role(
            "TOWNSHIP_DESK",
            "乡镇街道值班员",
            "在本乡镇街道内查看记录，接收移交，办理隔离观察和打卡，开设村口、小区卡点，录入纸质登记，日清日结。",
            frozenset(
                {
                    _P.VIEW_PASSAGES,
                    _P.OPEN_POSTS,
                    _P.MANAGE_DEVICES,
                    _P.CLOSE_SHIFTS,
                    _P.TRANSCRIBE_PAPER,
                    _P.LEAD_CHECKPOINTS,
                    _P.BREAK_GLASS,
                    _P.INVITE_GRID_WORKERS,
                    _P.VIEW_RULES,
                    _P.VIEW_REFERRALS,
                    _P.ANSWER_REFERRALS,
                    _P.KEEP_REMINDERS,
                    _P.VIEW_RESPONSIBILITY,
                    _P.KEEP_RESPONSIBILITY,
                    _P.VIEW_PEOPLE,
                    _P.KEEP_PEOPLE,
                    _P.VIEW_DUTY,
                    _P.VIEW_QUARANTINE,
                    _P.KEEP_QUARANTINE,
                    _P.KEEP_NOTICES,
                }
            ),
        ),
        Role(
            "CHECKPOINT_LEAD",
            "卡口负责人",
            "看本卡口的车道、当班人员和手机，登记和停用手机，录入纸质登记，决定是否劝返，交接班，日清日结。",
            frozenset(
                {
                    _P.LEAD_CHECKPOINTS,
                    _P.MANAGE_DEVICES,
                    _P.TRANSCRIBE_PAPER,
                    _P.CLOSE_SHIFTS,
                    _P.DECIDE_TURN_BACK,
                    _P.VIEW_RULES,
                    _P.VIEW_DUTY,
                }
            ),
        ),
        Role("WALL", "大屏", "只看不含个人信息的汇总数字。", frozenset({_P.VIEW_BOARD, _P.VIEW_WALL})),
        Role(
            "ADMINISTRATOR",
            "系统管理员",
            "开设和停用人员账号，不授予岗位，不看登记内容。",
            frozenset({_P.MANAGE_OFFICERS}),
        ),
        Role(
            "SECURITY_ADMINISTRATOR",
            "安全管理员",
            "授予和收回岗位，定保存期限，签署销毁，不看登记内容。",
            frozenset({_P.GRANT_POSTINGS, _P.VIEW_PURGES, _P.SIGN_PURGES, _P.SET_RETENTION}),
        ),
        Role(
            "AUDITOR",
            "审计管理员",
            "查看和核对审计记录、销毁证书，看筛查规则，不改任何东西。",
            frozenset({_P.READ_AUDIT, _P.VIEW_PURGES, _P.VIEW_RULES}),
        ),
        Role(
            "WORKER",
            "后台程序",
            "汇总数字、移交、下达隔离、提醒打卡的后台程序，不能登录。",
            frozenset({_P.VIEW_BOARD}),
        ),
    )
}


def permissions_of(roles: tuple[str, ...]) -> frozenset[str]:
    """Everything the roles together permit; an unknown role permits nothing."""
    return frozenset(str(p) for code in roles if code in ROLES for p in ROLES[code].permissions)
