"""What a browser calls itself, in words its owner recognises: "Chrome, Windows 7", "Safari, iPhone"."""

import re

# The first that fits; later names hide in the strings of earlier ones.
_BROWSERS = (
    ("YaBrowser", "Yandex"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows NT 6.1", "Windows 7"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
_PHONES = re.compile(r"iPhone|iPad|Android")


def device_name(user_agent: str) -> str:
    """Return browser and system by their names; the empty string where neither is known."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)


def is_phone(device: str) -> bool:
    """Tell whether a device's words are those of a phone."""
    return bool(_PHONES.search(device))
