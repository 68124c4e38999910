"""What the tables of headquarters are called, the names of their rows, and the records behind a figure."""

from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianfang.checkpoints.queries.places import checkpoint_labels
from lianfang.doors import words
from lianfang.regions.queries import names, paths
from lianfang.situation.tables import VIEWS

# Each figure says what it counts: 台次, 人次, 人.
DEFINITIONS = (
    (_("台次"), _("入向通行的机动车，一车通行一次计一次；火车和步行没有台次。")),
    (_("人次"), _("入向登记的人，一人登记一次计一次；含火车旅客。")),
    (_("通行"), _("通行记录的条数，入向和出向都计。")),
    (_("人"), _("按证件区分的不同的人，同一证件在一个自然月里只计一次；没有证件的分不清，另列。")),
    (_("较昨日"), _("与昨天同一时刻已经知道的当日数相比，不是与昨天全天相比。")),
)
_OF_CODES: Mapping[str, words.Words] = {
    "PURPOSE": words.PURPOSES,
    "TRANSPORT": words.TRANSPORTS,
    "MEASURE": words.MEASURES,
}
_WHOLE = {"ORIGIN_CITY", "ORIGIN_COUNTY"}  # names that say little without what they lie in
_FILTERS = {
    "CHECKPOINT": "checkpoint",
    "HOUR": "hour",
    "DAY": "day",
    "PURPOSE": "purpose",
    "TRANSPORT": "transport",
    "MEASURE": "measure",
    "ORIGIN": "origin",
    "DESTINATION": "destination",
}


def labels(view: str, keys: Iterable[str], on: date) -> dict[str, str]:
    """A name for each key of a table, in one question at most. An unknown code stands as it is."""
    keys = list(keys)
    if view == "CHECKPOINT":
        found: Mapping[str, object] = checkpoint_labels()
    elif view == "HOUR":
        found = {key: gettext("%(from)s–%(to)s 时") % {"from": int(key), "to": int(key) + 1} for key in keys}
    elif view == "DAY":
        found = {key: date_format(date.fromisoformat(key), gettext("n月j日")) for key in keys}
    elif view in _OF_CODES:
        found = _OF_CODES[view]
    else:
        found = paths(filter(None, keys), on) if view in _WHOLE else names(filter(None, keys), on)
    return {key: str(found.get(key) or key or gettext("未填")) for key in keys}


def records_address(figure: str, days: Mapping[str, str], keys: Mapping[str, str]) -> str:
    """The list of the records that a figure counts. `keys` by view; `days` is the span as the list reads it."""
    asked = dict(days)
    if figure != "passages":
        asked["direction"] = "IN"
    if figure == "vehicles":
        asked["vehicles"] = "1"
    for view, key in keys.items():
        asked[_FILTERS[VIEWS[view].dimension if view != "DAY" else "DAY"]] = _as_filter(view, key)
    if "day" in asked:
        asked.pop("from", None)
        asked.pop("to", None)
    return f"{reverse('passages')}?{urlencode(asked)}"


def _as_filter(view: str, key: str) -> str:
    if view == "HOUR":
        return str(int(key))
    return key or "-"
