"""As much of the settings as the models need: for what looks at models alone, such as the checking of types.

Handbook 2.6.
"""

from __future__ import annotations

from pathlib import Path

from jalostamo.concepts.languages import Text
from jalostamo.doors.home import Home
from jalostamo.permits.municipality import municipality_from
from townhall.config.town import Town

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "townhall.pages",
    "townhall.people",
    "townhall.permits",
    "townhall.managing",
    "townhall.working",
]

AUTH_USER_MODEL = "people.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECRET_KEY = "of no installation"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
USE_TZ = True
# Without it, allauth would not start.
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]

# What the settings of an installation say of it, here of none.
HOME = Home(Path())
ASSETS = Path()
TOWN = Town(Text("-", "-", "-"), municipality_from({}))
DEMONSTRATION = False
