"""Settings, on one page. What differs between two cities stands in the environment or in the data folder.

LIANFANG_DATA      the data folder (default: var/): database, keys, certificates, secrets
LIANFANG_DEBUG     1 shows tracebacks in the browser; never in service
LIANFANG_HOSTS     further host names the site answers to, separated by commas
LIANFANG_PROXY     1 when a proxy in front ends TLS (set by `serve --behind-proxy`)
LIANFANG_HSTS_DAYS  behind a proxy with a public certificate: for how long browsers insist on https (default 0: not told)
LIANFANG_HTTPS_PORT  the https port that phones are sent to (set by `serve`; default 8443)
LIANFANG_VACANCY_HOURS  after how many hours of the day a vacancy climbs to the list above (default 2)
LIANFANG_SMS_URL   the SMS gateway; without one, whoever was to be told by SMS is telephoned
LIANFANG_SMS_TOKEN_FILE  the file that holds the gateway's token
LIANFANG_ROBOT_HOSTS  further hosts of group robots, separated by commas: a WeCom of one's own
LIANFANG_SEALING   AES (default) or SM4: the provider for new keys
"""

import os
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from lianfang.machine.addresses import lan_addresses
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Database, Role
from lianfang.messages.channels.posting import may_be_posted_to


def flag(name: str) -> bool:
    value = os.environ.get(name, "0")
    if value not in ("0", "1", ""):
        raise ImproperlyConfigured(f"{name} is 0 or 1, not {value!r}")
    return value == "1"


BASE_DIR = Path(__file__).resolve().parents[2]
DATA = DataFolder.open(None)
DEBUG = flag("LIANFANG_DEBUG")
BEHIND_PROXY = flag("LIANFANG_PROXY")
HSTS_DAYS = int(os.environ.get("LIANFANG_HSTS_DAYS", "0"))
HTTPS_PORT = int(os.environ.get("LIANFANG_HTTPS_PORT", "8443"))
VACANCY_CLIMBS_AFTER = timedelta(hours=int(os.environ.get("LIANFANG_VACANCY_HOURS", "2")))
SMS_URL = os.environ.get("LIANFANG_SMS_URL", "")
_TOKEN_FILE = os.environ.get("LIANFANG_SMS_TOKEN_FILE", "")
SMS_TOKEN_FILE = Path(_TOKEN_FILE) if _TOKEN_FILE else None
if SMS_URL and not may_be_posted_to(SMS_URL):
    raise ImproperlyConfigured("LIANFANG_SMS_URL is an https address, or an http one of this machine")
ROBOT_HOSTS = {"qyapi.weixin.qq.com", *filter(None, os.environ.get("LIANFANG_ROBOT_HOSTS", "").split(","))}
SCENARIO = DATA.scenario  # a demo's clock against the machine's; zero in every real city
SECRET_KEY = DATA.secret("cookies")
SEALING = os.environ.get("LIANFANG_SEALING", "AES")
if SEALING not in ("AES", "SM4"):
    raise ImproperlyConfigured(f"LIANFANG_SEALING is AES or SM4, not {SEALING!r}")

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "lianfang.lan"]
ALLOWED_HOSTS = [
    *LOCAL_HOSTS,
    socket.gethostname().lower(),
    *lan_addresses(),
    *filter(None, os.environ.get("LIANFANG_HOSTS", "").split(",")),
]

INSTALLED_APPS = [
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "lianfang",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "lianfang.doors.headers.on_every_answer",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lianfang.doors.public.phone_app.same_in_every_language",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "lianfang.doors.guard.default_deny",
    "lianfang.doors.legible.only_legible",
    "django.contrib.messages.middleware.MessageMiddleware",
    "lianfang.doors.guard.refusals",
]
ROOT_URLCONF = "lianfang.project.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "lianfang.doors.tags", "lianfang.doors.duty_tags"],
        },
    }
]


def database(role: Role, **options: Any) -> dict[str, Any]:
    """Connection settings of one role. Empty until `lianfang serve` (or the tests) have made the cluster."""
    found = Database.read(DATA)
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    place = {names[k]: v for k, v in found.parameters(role).items()} if found else {"NAME": ""}
    libpq = dict(found.options) if found else {}
    return {"ENGINE": "django.db.backends.postgresql", **place, "OPTIONS": {**libpq, **options}}


# The app role serves every page; the owner only migrates; the purge's role clears, and nobody else may.
DATABASES = {
    "default": database("app", pool={"min_size": 1, "max_size": 12, "timeout": 10}),
    "owner": database("owner"),
    "purge": database("purge"),
}
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
DESK_SESSION = timedelta(hours=12)
DESK_IDLE = timedelta(minutes=30)
TOKEN_SESSION = timedelta(hours=12)

CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Under a certificate of our own HSTS would lock a phone out of /start, where it learns to trust a new authority.
    SECURE_HSTS_SECONDS = HSTS_DAYS * 86_400
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [os.path.join(os.path.dirname(os.path.dirname(__file__)), "locale")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE = "Lax"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "desk" / "dist"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"\.[0-9a-f]{12}\."  # built files are named by their content

# No names and numbers in them: see machine/logs.py. Nothing here mails errors or keeps what a request held.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "lianfang.machine.logs.Discreet",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"addresses untold": {"()": "lianfang.machine.logs.AddressesUntold"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["addresses untold"]}
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.db.backends": {"level": "WARNING"},
        "asyncio": {"level": "WARNING"},
        "weasyprint": {
            "level": "CRITICAL"
        },  # it would repeat what a page holds: a household's code among others
        "weasyprint.progress": {"level": "CRITICAL"},
        "fontTools": {"level": "WARNING"},
    },
}
