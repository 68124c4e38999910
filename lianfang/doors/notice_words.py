"""Words for notices of a place, in the order in which their lists are offered."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PLACE_NOTICE_STATES: Mapping[str, Promise] = {
    "IN_FORCE": _("生效中"),
    "WAITING": _("等第二人批准"),
    "TO_COME": _("还没开始"),
    "LAPSED": _("已到期"),
    "WITHDRAWN": _("已撤回"),
}
