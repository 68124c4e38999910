"""Who is never turned back, in one sentence for everybody: officers, travellers, and (held equal by a test) the phone."""

from django.utils.translation import gettext

from lianfang.doors.hq.rule_words import condition_words
from lianfang.screening.form import TURN_BACK_UNLESS


def never_turned_back() -> str:
    """As the compiler writes it into every row that proposes it."""
    whom = gettext("；").join(condition_words(condition, {}) for condition in TURN_BACK_UNLESS)
    return gettext("有下列任何一条的人，一律不劝返：%(whom)s。") % {"whom": whom}
