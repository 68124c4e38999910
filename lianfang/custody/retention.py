"""How long what is held is held: a class for every table, its default, and what a city has said instead.

The defaults are those of the trade's guidance of 2020, to be confirmed by the city's lawyer. docs/data.md says the same of
every table; a test compares.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from lianfang.custody.models import RetentionRule
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.screening.form import MAX_QUARANTINE

PASSING, MEASURE, FILE, DECLARED, AUDIT = "passing", "measure", "file", "declared", "audit"
VILLAGE = "village"
# Days of observation where no order came of a measure: it counts as released then, and a quarantine of more days after those.
# Where one did, its own end counts (custody/observed.py).
OBSERVED = 14
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """`days` is the default; `least` and `most` bound what a city may say, and without them it may say nothing."""

    code: str
    zh: str
    en: str
    days: int | None = None
    least: int | None = None
    most: int | None = None

    @property
    def may_change(self) -> bool:
        return self.least is not None


CLASSES: Mapping[str, RetentionClass] = {
    one.code: one
    for one in (
        RetentionClass(PASSING, "通行登记", "Passages", 28, 1, 90),
        RetentionClass(
            MEASURE, "有措施的登记（措施解除后）", "Those with a measure, after release", 60, 1, 365
        ),
        RetentionClass(
            FILE, "人员和住户档案（注销后）", "Files of people and households, after closing", 60, 1, 365
        ),
        RetentionClass(DECLARED, "旅客申报（通勤卡 7 天）", "Declarations; a commuter's card 7 days", 1),
        RetentionClass(VILLAGE, "村级自愿打卡的户数人数", "Voluntary check-ins of villages", 14),
        RetentionClass(AUDIT, "审计记录（至少）", "Audit, at least", 183, 183, 3_650),
        RetentionClass("staff", "工作人员和设备", "Staff and devices"),
        RetentionClass("counted", "不含个人信息的汇总", "Figures without persons"),
        RetentionClass("register", "行政区划、卡点、规则等名录", "Registers"),
        RetentionClass("machine", "系统自身的状态", "The software's own state"),
    )
}
_TABLES = {
    PASSING: "passage registration correction conflict_item paper_line pilot_explanation turn_back screening_fact"
    " rescreened",
    FILE: "person person_phone person_call household stay_in_household kinship person_merge not_the_same household_join"
    " message",
    MEASURE: "referral referral_event waiting_fact referral_sheet roster_answer quarantine_order quarantine_reason order_event"
    " care_need check_in_link check_in follow_up",
    DECLARED: "declaration roster",
    VILLAGE: "village_report",
    AUDIT: "audit_entry audit_block audit_leaf retention_rule purge",
    "staff": "officer posting officer_session activation_link recovery_code sign_in_failures glass officer_notice roster_token"
    " set_up_link display_token device enrolment clock_in shift_handover quality_task responsible_person overlay grid_staff"
    " duty_person membership duty_slot duty_handover duty_swap",
    "counted": "cell settled_cell fold distinct_people last_record last_sent shift_closing",
    "register": "region region_alias checkpoint paper_pad rule_set rule_draft rule_period rescreening headquarters work_group"
    " robot check_in_thresholds place_notice facility facility_room village_check_in",
    "machine": "message_attempt django_migrations device_report fold_position clerk_position screening_position referral_position",
}
TABLES = {table: code for code, tables in _TABLES.items() for table in tables.split()}


@dataclass(frozen=True, slots=True)
class InForce:
    """A class with what counts today; `rule` is the city's own word, where there is one."""

    of: RetentionClass
    rule: RetentionRule | None

    @property
    def days(self) -> int | None:
        return self.rule.days if self.rule else self.of.days


@dataclass(frozen=True, slots=True)
class Over:
    """The last day whose records without a measure have had their time, the same for those with one, and the last day on
    which a file was closed that has had its time.
    """

    passing: date
    measure: date
    files: date

    def whole_month(self, month: date) -> bool:
        """Whether the last day of the month (given by its first) is over for records without a measure."""
        return month.replace(day=calendar.monthrange(month.year, month.month)[1]) <= self.passing


def in_force() -> dict[str, InForce]:
    """Every class with what counts today. Anybody may ask: it is published."""
    rules = {rule.retention_class: rule for rule in RetentionRule.objects.all()}
    return {code: InForce(one, rules.get(code)) for code, one in CLASSES.items()}


def over(at: datetime) -> Over:
    """A record is held for whole days after its own: what was captured on the 1st for 28 days, until the 29th ends."""
    now = in_force()
    passing, measure = now[PASSING].days or 0, now[MEASURE].days or 0
    today = day_of(at)
    # A measure never shortens, and nothing goes while the longest quarantine may go on.
    longest = max(passing, OBSERVED + measure, MAX_QUARANTINE)
    files = now[FILE].days or 0
    return Over(*(today - timedelta(days=days + 1) for days in (passing, longest, files)))


@transaction.atomic
def set_retention(*, by: Reach, at: datetime, code: str, days: int, reason: str) -> RetentionRule:
    """From now on the class is held for so many days; what was destroyed stays destroyed."""
    by.require("SET_RETENTION")
    one = CLASSES.get(code)
    if one is None or one.least is None or one.most is None:
        raise NotFound("CLASS_UNKNOWN", "这一类没有可调的期限。", "This class has no period to be set.")
    if not one.least <= days <= one.most:
        raise Refusal(
            "DAYS_OUT_OF_BOUNDS",
            f"“{one.zh}”的期限须在 {one.least} 到 {one.most} 天之间。",
            f"{one.en}: between {one.least} and {one.most} days.",
        )
    if not reason.strip():
        raise Refusal("REASON_MISSING", "请写明调整期限的原因。", "Say why the period is changed.")
    before = in_force()[code].days
    rule, _ = RetentionRule.objects.update_or_create(
        retention_class=code,
        defaults={"days": days, "set_by": by.officer_id, "set_at": at, "reason": reason.strip()[:LONGEST_REASON]},
    )  # fmt: skip
    note(Act.RETENTION_CHANGED, by=by, subject=code.upper(), details={"days": days, "before": before})
    return rule
