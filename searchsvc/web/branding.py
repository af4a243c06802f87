"""How does a site customise the page? Logo, colour, fonts, CSS, templates.

The settings become files beside ours and variables of page.css, so that the page needs no inline
style, which its Content-Security-Policy forbids.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from searchsvc.setting import InvalidSetting
from searchsvc.settings import Settings
from searchsvc.web.assets import MEDIA_TYPES

#: The file generated from the settings of colour and fonts.
BRAND_CSS = "brand.css"
#: The site's own CSS.
SITE_CSS = "site.css"
_LOGO = "logo"
_LOGO_ENDINGS = ("svg", "png", "jpg", "jpeg", "webp")

Colour = tuple[float, float, float]

_WHITE: Colour = (255, 255, 255)
_BLACK: Colour = (0, 0, 0)
#: The background colours of page.css in light and dark mode.
_GROUNDS: tuple[Colour, Colour] = (_WHITE, (18, 22, 26))
_INKS: tuple[Colour, Colour] = ((22, 25, 28), (231, 234, 236))
#: The contrast that WCAG requires for text, with a margin for rounding.
_LEAST_CONTRAST = 4.6


@dataclass(frozen=True, slots=True)
class Branding:
    """``files`` by name under ``/static/``; ``logo`` is the name of one of them, or empty;
    ``templates`` the folder of the site's own, if any.
    """

    files: dict[str, bytes]
    logo: str
    templates: Path | None

    @property
    def styles(self) -> list[str]:
        """The style sheets to load after page.css, in order."""
        return [name for name in (BRAND_CSS, SITE_CSS) if name in self.files]


def read_branding(settings: Settings) -> Branding:
    """The files named by the settings, read once. Raises InvalidSetting for unreadable files."""
    files: dict[str, bytes] = {}
    templates = Path(settings.template_folder) if settings.template_folder else None
    if templates is not None:
        files.update(_read_folder(templates))
    css = write_variables(settings.accent_color, settings.text_font, settings.heading_font)
    if css:
        files[BRAND_CSS] = css.encode()
    if settings.site_css:
        files[SITE_CSS] = _read_file("site_css", settings.site_css)
    logo = ""
    if settings.site_logo:
        ending = Path(settings.site_logo).suffix.lower().lstrip(".")
        if ending not in _LOGO_ENDINGS:
            reason = f"its name must end in one of {', '.join(_LOGO_ENDINGS)}."
            raise InvalidSetting("site_logo", settings.site_logo, reason)
        logo = f"{_LOGO}.{ending}"
        files[logo] = _read_file("site_logo", settings.site_logo)
    return Branding(files, logo, templates)


def _read_file(setting: str, path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        reason = f"the file cannot be read ({error.strerror})."
        raise InvalidSetting(setting, path, reason) from error


def _read_folder(folder: Path) -> dict[str, bytes]:
    """The files in ``static/`` of the site's folder with a type that browsers may be sent."""
    if not folder.is_dir():
        raise InvalidSetting("template_folder", str(folder), "there is no such folder.")
    static = folder / "static"
    paths = sorted(static.iterdir()) if static.is_dir() else []
    return {
        path.name: _read_file("template_folder", str(path))
        for path in paths
        if path.suffix[1:] in MEDIA_TYPES
    }


def write_variables(accent: str, text_font: str, heading_font: str) -> str:
    """The CSS that sets the variables of page.css; empty if there is nothing to set."""
    fonts = [
        f"  --{name}: {value};"
        for name, value in (("sans", text_font), ("serif", heading_font))
        if value
    ]
    rules = [":root {", *fonts, "}"] if fonts else []
    if accent:
        light, dark = (derive_colours(accent, dark=dark) for dark in (False, True))
        rules += [":root {", *light, "}", "@media (prefers-color-scheme: dark) {", ":root {"]
        rules += [*dark, "}", "}"]
    return "\n".join(rules)


def derive_colours(accent: str, *, dark: bool) -> list[str]:
    """The declarations derived from an accent such as ``#0b5f55`` on one of the two backgrounds.

    The accent is darkened or lightened until it is readable on the background and on its tint; text
    on it is black or white, whichever is more readable.
    """
    ground, ink = _GROUNDS[dark], _INKS[dark]
    away = _WHITE if dark else _BLACK
    chosen = read_colour(accent)
    colour = chosen
    for step in range(21):
        colour = mix(chosen, away, step / 20)
        tint = mix(ground, colour, 0.12)
        if min(contrast(colour, ground), contrast(colour, tint)) >= _LEAST_CONTRAST:
            break
    on_accent = max((_WHITE, _BLACK), key=lambda one: contrast(one, colour))
    rows = {
        "accent": colour,
        "accent-hover": mix(colour, ink, 0.25),
        "on-accent": on_accent,
        "tint": mix(ground, colour, 0.12),
        "bar": mix(ground, colour, 0.45),
    }
    return [f"  --{name}: {write_colour(value)};" for name, value in rows.items()]


def read_colour(text: str) -> Colour:
    """Red, green and blue from 0 to 255.

    >>> read_colour("#0b5f55")
    (11, 95, 85)
    """
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def write_colour(colour: Colour) -> str:
    """The inverse of :func:`read_colour`."""
    return "#" + bytes(round(part) for part in colour).hex()


def mix(one: Colour, other: Colour, part: float) -> Colour:
    """``one`` with ``part``, from 0 to 1, of ``other``."""
    red, green, blue = (a + (b - a) * part for a, b in zip(one, other, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_measure_light(one), _measure_light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _measure_light(colour: Colour) -> float:
    """Relative luminance."""
    parts = [part / 255 for part in colour]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
