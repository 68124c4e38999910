"""What templates may say: built files by name, figures, moments, and the words of codes."""

import json
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext

from lianfang.checkpoints.history import Event
from lianfang.checkpoints.queries import PersonFile
from lianfang.checkpoints.queries.person_files import MeasureShown
from lianfang.doors import words
from lianfang.doors.hq import telling as hq_telling
from lianfang.doors.hq import told as hq_told
from lianfang.doors.hq.measure_words import measure_words
from lianfang.doors.hq.rule_words import said_in
from lianfang.doors.hq.telling import Telling
from lianfang.doors.hq.turn_back_words import never_turned_back
from lianfang.journeys.rescreening.queries import suggested
from lianfang.kernel.clock import now

register = template.Library()
register.filter("measure_words", measure_words)
register.simple_tag(never_turned_back)

MANIFEST = settings.BASE_DIR / "desk" / "dist" / ".vite" / "manifest.json"


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file: `desk.js`, `desk.css`, `wall.js` … Its name carries a hash of its content."""
    entry, kind = name.rsplit(".", 1)
    built = _manifest().get(f"src/{entry}.ts")
    if built is None:
        return static(f"desk/{name}")  # not built yet: the page works, unadorned
    return static(built["file"] if kind == "js" else built["css"][0])


def _manifest() -> dict[str, Any]:
    return _read_manifest(MANIFEST.stat().st_mtime_ns) if MANIFEST.exists() else {}


@cache
def _read_manifest(changed: int) -> dict[str, Any]:
    return json.loads(MANIFEST.read_text())


@register.filter
def figure(value: int | str | None) -> str:
    """122,992; a dash where nothing was reported, which is never 0 (a template's missing figure is an empty text)."""
    return "—" if value is None or value == "" else f"{value:,}"


@register.filter
def signed(value: int) -> str:
    """+3, −2, 0: how far one count lies from another."""
    return f"{value:+,}".replace("-", "−") if value else "0"


@register.filter
def more(value: int | None) -> str:
    """+12, −3, ±0: a difference; a dash where there is nothing to compare."""
    if value is None:
        return "—"
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{abs(value):,}"


@register.filter
def moment(value: datetime | None) -> str:
    """2月10日 08:30, in Asia/Shanghai."""
    return _moment(value, get_language()) if value else "—"


@lru_cache(maxsize=8_192)
def _moment(value: datetime, language: str) -> str:
    """The same lines of a list are opened again and again."""
    return date_format(localtime(value), gettext("n月j日 H:i"))


@register.filter
def moment_to_the_second(value: datetime | None) -> str:
    return date_format(localtime(value), gettext("n月j日 H:i:s")) if value else "—"


@register.simple_tag
def printed_at() -> str:
    return moment_to_the_second(now())


@register.filter
def clock(value: datetime) -> str:
    return date_format(localtime(value), "H:i")


@register.filter
def day(value: date) -> str:
    return date_format(value, gettext("n月j日"))


@register.filter
def day_as_text(iso: str | None) -> str:
    """The same for a date that was kept as it was sent."""
    try:
        return day(date.fromisoformat(iso)) if iso else ""
    except ValueError:
        return iso or ""


@register.filter
def age(since: datetime, at: datetime) -> str:
    """刚刚, 12 分钟前, 3 小时前, 2 天前."""
    minutes = int((at - since).total_seconds()) // 60
    if minutes < 1:
        return gettext("刚刚")
    if minutes < 60:
        return ngettext("%(n)d 分钟前", "%(n)d 分钟前", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)d 小时前", "%(n)d 小时前", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d 天前", "%(n)d 天前", minutes // 1440) % {"n": minutes // 1440}


@register.filter
def word(code: str | None, table: str) -> str:
    """The word for a code: {{ passage.transport|word:"TRANSPORTS" }}. An unknown code stands as it is."""
    if code is None or code == "":
        return "—"
    return str(getattr(words, table).get(str(code), code))


@register.simple_tag
def measure(kind: str) -> SafeString:
    """A measure's face: word, shape and colour together."""
    return _measure(kind, get_language())


@lru_cache(maxsize=64)
def _measure(kind: str, language: str) -> SafeString:
    """A list shows the same few faces on every line."""
    said = {"kind": kind, "css": css(kind), "word": word(kind, "MEASURES")}
    return render_to_string("hq/pieces/measure.html", said)


@register.inclusion_tag("hq/pieces/shape.html")
def shape(kind: str) -> dict[str, str]:
    return {"kind": kind}


@register.simple_tag(takes_context=True)
def rooms(context: template.Context) -> SafeString:
    """The menu of every page behind the sign-in: what this officer may open, and where he is."""
    request = context["request"]
    here = request.resolver_match.url_name if request.resolver_match else ""
    return _rooms(request.reach.permissions, here, get_language())


@lru_cache(maxsize=512)
def _rooms(may: frozenset[str], here: str, language: str) -> SafeString:
    return render_to_string("hq/pieces/rooms.html", {"may": may, "here": here})


@register.filter
def years(age: int) -> str:
    """34 岁."""
    return gettext("%(n)s 岁") % {"n": age}


@register.inclusion_tag("hq/pieces/told.html", takes_context=True)
def told_at_the_desk(context: template.Context) -> dict[str, Any]:
    """Broken glass and unread notices, above every page behind the sign-in."""
    return hq_told.told(context["request"])


@register.inclusion_tag("hq/pieces/rescreening_suggested.html", takes_context=True)
def suggest_rescreening(context: template.Context) -> dict[str, Any]:
    """Where rules are: areas were added, and nobody has looked whom of those who came before they concern."""
    return {"suggested": suggested(context["request"].reach, at=now())}


@register.filter
def left(seconds: int) -> str:
    """2 小时 13 分"""
    return gettext("%(h)s 小时 %(m)s 分") % {"h": seconds // 3600, "m": seconds % 3600 // 60}


@register.filter
def css(code: str) -> str:
    """RE_MEASURE → re-measure."""
    return code.lower().replace("_", "-")


@register.filter
def place(code: str | None, telling: Telling) -> str:
    return telling.place(code)


@register.filter
def told(event: Event, telling: Telling) -> list[tuple[str, str, str]]:
    """What an event changed, in words: the field, before, after."""
    return telling.changes(event)


@register.filter
def answered(person: PersonFile, telling: Telling) -> list[tuple[str, str, str]]:
    """What was answered to questions headquarters added: key, question, answer."""
    return telling.answers(person)


@register.filter
def sentence(said: MeasureShown, person: PersonFile) -> str:
    """What was said to the person for this measure."""
    return hq_telling.sentence(person, said)


@register.filter
def by_id(found: Any, id: Any) -> Any:
    """What a page knows of one among several; nothing where it knows nothing."""
    return found.get(id) if found else None


@register.filter
def titled(title: Any) -> str:
    """A rule set's title in the reader's language; a draft may have none yet."""
    return said_in(title) or gettext("没有名称")


@register.filter
def celsius(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10} °C"
