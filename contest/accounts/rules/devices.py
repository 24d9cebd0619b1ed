"""What a browser says it is, in words a person recognises."""

from typing import Final

_BROWSERS: Final = (
    ("coc_coc", "Cốc Cốc"),
    ("zalo", "Zalo"),
    ("fban", "Facebook"),
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("cros", "ChromeOS"),
    ("mac os", "Mac"),
    ("linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """The browser and system of a User-Agent header: "Chrome, Android"; empty when unknown."""
    plain = user_agent.casefold()
    found = [
        next((name for sign, name in table if sign in plain), "") for table in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name)
