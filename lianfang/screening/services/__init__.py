"""Acts on rule sets: what is kept, drafted, proposed, approved, put in force and ended."""

from lianfang.screening.services.approving import approve, end, refuse
from lianfang.screening.services.areas import add_areas, end_area, remove_area, renew_area
from lianfang.screening.services.drafting import (
    LONGEST_REASON,
    RevisionChanged,
    SheetUnreadable,
    back,
    begin,
    begin_from_sheet,
    change,
    keep_trial,
    load_sheet,
)
from lianfang.screening.services.keeping import keep, lay_shipped
from lianfang.screening.services.periods import RULES_CHANGED
from lianfang.screening.services.proposing import propose, renew, withdraw

__all__ = [
    "LONGEST_REASON",
    "RULES_CHANGED",
    "RevisionChanged",
    "SheetUnreadable",
    "add_areas",
    "approve",
    "back",
    "begin",
    "begin_from_sheet",
    "change",
    "end",
    "end_area",
    "keep",
    "keep_trial",
    "lay_shipped",
    "load_sheet",
    "propose",
    "refuse",
    "remove_area",
    "renew",
    "renew_area",
    "withdraw",
]
