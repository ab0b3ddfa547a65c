"""Django's settings, made from one folder: the installation's home, with townhall's own side in it.

Two words come from the environment: where the home is, and whether this is a demonstration. All else is in `town.toml`.

Handbook 2.6.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from django.utils.csp import CSP

from jalostamo.doors.home import Home
from townhall.config.models_alone import AUTH_USER_MODEL as AUTH_USER_MODEL
from townhall.config.models_alone import DEFAULT_AUTO_FIELD as DEFAULT_AUTO_FIELD
from townhall.config.models_alone import INSTALLED_APPS as INSTALLED_APPS
from townhall.config.secret import pages_secret
from townhall.config.town import FILE, read_town

HOME = Home(Path(os.environ["JALOSTAMO_HOME"]))
DEMONSTRATION = os.environ.get("JALOSTAMO_DEMONSTRATION") == "1"
TOWN = read_town(HOME.townhall / FILE)
if not TOWN.address and (_told := HOME.townhall / "address").is_file():
    # Where nobody has said by which address people come, it is the one at which the pages were opened.
    TOWN = replace(TOWN, address=_told.read_text(encoding="ascii").strip().rstrip("/"))
ASSETS = Path(os.environ.get("JALOSTAMO_ASSETS", Path(__file__).parents[3] / "node_modules"))

SECRET_KEY = pages_secret(HOME.townhall / "keys" / "pages.key")
DEBUG = False
ALLOWED_HOSTS = [*TOWN.hosts, "127.0.0.1", "localhost", *(["testserver"] if DEMONSTRATION else [])]

MIDDLEWARE = [
    "townhall.pages.middleware.answered",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "townhall.pages.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "townhall.config.urls"
WSGI_APPLICATION = "townhall.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["townhall.pages.templatetags.saying"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "townhall.pages.frame.frame",
                "townhall.people.asking.held",
            ],
        },
    }
]


def _database(address: str) -> dict[str, object]:
    if not address:
        # IMMEDIATE takes the lock before reading: two that read and then write would otherwise stop each other.
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME.townhall / "townhall.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "HOST": dict(parse_qsl(parts.query)).get("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "OPTIONS": {"pool": True},
    }


DATABASES = {"default": _database(TOWN.database)}

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "sign_in"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "townhall.people.joining.NobodyJoins"
ACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_ADAPTER = "townhall.people.joining.OnlyTheKnown"
SOCIALACCOUNT_ONLY = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "city",
                    "name": TOWN.name.fi,
                    "client_id": TOWN.login.client,
                    "secret": Path(TOWN.login.secret_file).read_text(encoding="utf-8").strip(),
                    "settings": {"server_url": TOWN.login.address},
                }
            ],
        }
    }
    if TOWN.login
    else {}
)

SESSION_COOKIE_NAME = "town_session"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "townhall.pages.views.stale_page"
# Where the pages are reached over TLS, cookies travel by it alone; a demonstration stands on loopback.
_BY_TLS = TOWN.address.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _BY_TLS
SECURE_HSTS_SECONDS = 31_536_000 if _BY_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _BY_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = TOWN.municipality.settings.timezone

STATIC_URL = "static/"
STATICFILES_DIRS = [("inter", ASSETS / "@fontsource-variable" / "inter" / "files")]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 86_400

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Without a server letters are laid down as files, for townhall's eyes alone.
MAILERS = {
    "default": {
        "BACKEND": f"django.core.mail.backends.{'smtp' if TOWN.mail else 'filebased'}.EmailBackend",
        "OPTIONS": {"host": TOWN.mail.host, "port": TOWN.mail.port}
        if TOWN.mail
        else {"file_path": HOME.townhall / "letters"},
    }
}
DEFAULT_FROM_EMAIL = TOWN.mail.sender if TOWN.mail else "jalostamo@localhost"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "townhall.pages.lines.Lines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "townhall": {"level": "INFO"},
        # It tells addresses with what people typed in them.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
    },
}
