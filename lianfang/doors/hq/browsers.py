"""What a browser calls itself, in words by which its officer recognises it."""

_BROWSERS = (
    ("MicroMessenger/", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("QQBrowser/", "QQ"),
    ("HuaweiBrowser/", "Huawei"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def in_words(agent: str) -> str:
    """Chrome · Windows; as much of it as can be told, and nothing of an agent that says neither."""
    told = (_first(_BROWSERS, agent), _first(_SYSTEMS, agent))
    return " · ".join(word for word in told if word)


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    """More special marks come first: nearly every browser also claims to be Chrome, and Chrome to be Safari."""
    return next((word for mark, word in known if mark in agent), "")
