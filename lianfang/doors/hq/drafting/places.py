"""Several divisions in one field: those chosen as boxes that can be unticked, and one more searched by name."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lianfang.doors.hq.forms import LISTED, LONGEST_SEARCH
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import is_code, prefix
from lianfang.regions.queries import path
from lianfang.regions.search import Found, search
from lianfang.screening.compiling.limits import MAX_CODES


class PlacesInput(forms.Widget):
    """name: codes that stay; name-new: one that is added; name-find: what somebody typed to find it."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self.names = names
        self.found: list[Found] = []
        self.typed = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[list[str], str]:
        """Codes ticked or added, and the search where nothing of it was chosen yet."""
        added = data.get(f"{name}-new", "")
        typed = data.get(f"{name}-find", "")[:LONGEST_SEARCH].strip()
        return [*data.getlist(name), *([added] if added else [])], "" if added else typed

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        codes = value[0] if isinstance(value, tuple) else value or []
        shown = [
            (code, self.names.get(code) or path(code, day_of(now())) or code) for code in map(str, codes)
        ]
        into = f"found-{name}"
        told = {"name": name, "new_name": f"{name}-new", "codes": shown, "into": into}
        return render_to_string(
            "hq/pieces/rule_places.html", told | {"found": self.found, "typed": self.typed}
        )


class PlacesField(forms.Field):
    """Codes as the rule set writes them. A search that finds one place takes it; several are offered."""

    widget: PlacesInput

    def __init__(self, *, widget: PlacesInput) -> None:
        super().__init__(required=False, widget=widget)

    def clean(self, value: Any) -> list[str]:
        codes, typed = value
        if len(codes) > MAX_CODES:
            raise forms.ValidationError(_("一个条件最多写 %(n)s 个地方。"), params={"n": MAX_CODES})
        if any(not is_code(code) for code in codes):
            raise forms.ValidationError(_("请在找到的地名里选一个。"))
        if typed:
            codes = [*codes, self._searched(typed)]
        return list(dict.fromkeys(prefix(code) for code in codes))

    def _searched(self, typed: str) -> str:
        found = search(typed, day_of(now()), limit=LISTED)
        if len(found) == 1:
            return found[0].division.code
        self.widget.found, self.widget.typed = found, typed
        raise forms.ValidationError(_("请在找到的地名里选一个。") if found else _("没有找到这个地名。"))
