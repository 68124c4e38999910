"""What templates say of duty: names of groups and gaps in the reader's language."""

from typing import Any

from django import template
from django.utils.translation import get_language, gettext

from lianfang.command.rules.duty import Gap
from lianfang.doors import words
from lianfang.doors.tags import clock

register = template.Library()


@register.filter
def group_name(group: Any) -> str:
    """Of a group (`zh`, `en`), or of a line that names one (`group_zh`, `group_en`)."""
    said = "en" if (get_language() or "").startswith("en") else "zh"
    return str(getattr(group, said, None) or getattr(group, f"group_{said}"))


@register.filter
def gap_told(gap: Gap) -> str:
    """缺带班、值班 16:00–24:00; without hours where it is the whole day."""
    roles = gettext("、").join(str(words.DUTY_ROLES[role]) for role in gap.missing)
    missing = gettext("缺%(roles)s") % {"roles": roles}
    if (gap.ends_at - gap.begins_at).total_seconds() >= 24 * 3600:
        return missing
    return f"{missing} {clock(gap.begins_at)}–{clock(gap.ends_at)}"
