"""Names of files that come from elsewhere, made fit for any file system and for a reader's eyes."""

from __future__ import annotations

import os
import re
import unicodedata

MAX_NAME = 200
"""Longest base name in bytes: file systems allow 255, and users put a suffix behind it."""
MAX_SUFFIX = 24
"""Longest suffix in bytes that a cut name keeps."""
MAX_READ = 1024
"""Characters of each end of a base name that are looked at."""
MAX_DEPTH = 32
"""Most parts of a relative name; those nearest to the file stay."""
NAMELESS = "file"
"""What is called nothing is called this."""

_SLASHES = "\u2044\u2215\u2216\u29f5\u29f8\u29f9\ufe68\uff0f\uff3c"
"""Characters that look like a slash or backslash, or that compatibility normalisation makes one."""
_DOTS = "\u2024\ufe52\uff0e"
"""Characters that look like the dot before a suffix, likewise."""
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols that show nothing."""
_UNFIT = re.compile(rf'[<>:"|?*{_SLASHES}{_DOTS}{_BLANKS}]')
_JOINERS = "\u200c\u200d"
"""They show nothing either, but Persian words and many emoji are spelled with them."""
_LOOSE_JOINER = re.compile(rf"[{_JOINERS}](?![^\x00-\x7f{_JOINERS}])|(?<![^\x00-\x7f{_JOINERS}])[{_JOINERS}]")
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Control, format (bidi overrides, zero width) and surrogate characters, line and paragraph ends."""
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE)
_PACKED = {".br", ".bz2", ".gz", ".lz4", ".xz", ".zst"}


def safe_name(name: str) -> str:
    """The base name of ``name`` as one that any file system takes: never empty, at most `MAX_NAME` bytes.

    Slashes of both kinds separate. Characters that file systems refuse, that do not show, or that look like a
    slash or a dot are removed (CP-10), and dots and spaces at the end; what Windows takes for a device gets
    an underscore in front. The result is in NFC; a name that is too long keeps its suffix.
    """
    name = os.path.basename(name.replace("\\", "/"))
    if len(name) > 2 * MAX_READ:  # nobody means it: what is in the middle would be cut out anyhow
        name = name[:MAX_READ] + name[-MAX_READ:]
    while (tidy := _tidied(name)) != name:  # what was taken out may have parted what is unfit together
        name = tidy
    return name


def safe_relative(name: str) -> str:
    """A relative name such as ``folder/a.txt``, each part of it safe.

    Of one that leads elsewhere, because it is absolute, has a drive or goes up, just the base name;
    likewise of one that is longer than the paths of file systems.
    """
    name = name.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    absolute = name.startswith("/") or re.match(r"[A-Za-z]:", name)
    if absolute or len(name) > 4 * MAX_READ or any(_goes_up(part) for part in parts):
        return safe_name(name)
    return "/".join(safe_name(part) for part in parts[-MAX_DEPTH:]) or NAMELESS


def _goes_up(part: str) -> bool:
    seen = "".join(char for char in part if unicodedata.category(char) not in _HIDDEN)
    return unicodedata.normalize("NFKC", seen).strip() == ".."


def _tidied(base: str) -> str:
    base = "".join(char for char in base if char in _JOINERS or unicodedata.category(char) not in _HIDDEN)
    base = _UNFIT.sub("", _LOOSE_JOINER.sub("", base))
    base = unicodedata.normalize("NFC", base).lstrip().rstrip(". \u00a0\u3000").rstrip()
    if unicodedata.normalize("NFKC", base).strip(". ") == "":
        return NAMELESS
    if _DEVICE.match(base):
        base = "_" + base
    return _cut(base)


def _cut(base: str) -> str:
    if len(base.encode()) <= MAX_NAME:
        return base
    stem, suffix = os.path.splitext(base)
    inner = os.path.splitext(stem)
    if suffix.lower() in _PACKED and 1 < len(inner[1].encode()) <= 5:  # .tar.gz
        stem, suffix = inner[0], inner[1] + suffix
    if len(suffix.encode()) > MAX_SUFFIX:
        stem, suffix = base, ""
    return stem.encode()[: MAX_NAME - len(suffix.encode())].decode(errors="ignore") + suffix
