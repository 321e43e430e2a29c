"""MIME types by suffix: the same on every machine, whatever its own tables say or lack."""

from __future__ import annotations

import functools
import mimetypes
import os

_TYPES = {
    "audio/aac": ".aac",
    "audio/flac": ".flac",
    "audio/midi": ".mid .midi",
    "audio/mp4": ".m4a .m4b",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg .oga .opus",
    "audio/wav": ".wav",
    "audio/webm": ".weba",
    "application/epub+zip": ".epub",
    "application/gzip": ".gz .tgz",
    "application/json": ".json .geojson .map",
    "application/msword": ".doc",
    "application/rtf": ".rtf",
    "application/sql": ".sql",
    "application/toml": ".toml",
    "application/vnd.apache.arrow.file": ".arrow .feather",
    "application/vnd.apache.parquet": ".parquet",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.rar": ".rar",
    "application/vnd.sqlite3": ".sqlite .sqlite3 .db",
    "application/wasm": ".wasm",
    "application/x-7z-compressed": ".7z",
    "application/x-brotli": ".br",
    "application/x-bzip2": ".bz2",
    "application/x-hdf5": ".h5 .hdf5",
    "application/x-ipynb+json": ".ipynb",
    "application/x-ndjson": ".jsonl .ndjson",
    "application/x-xz": ".xz",
    "application/yaml": ".yaml .yml",
    "application/zip": ".zip",
    "application/zstd": ".zst",
    "font/otf": ".otf",
    "font/ttf": ".ttf",
    "font/woff": ".woff",
    "font/woff2": ".woff2",
    "image/apng": ".apng",
    "image/avif": ".avif",
    "image/bmp": ".bmp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/heif": ".heif",
    "image/jpeg": ".jpg .jpeg .jpe .jfif",
    "image/jxl": ".jxl",
    "image/png": ".png",
    "image/svg+xml": ".svg .svgz",
    "image/tiff": ".tif .tiff",
    "image/vnd.microsoft.icon": ".ico",
    "image/webp": ".webp",
    "model/gltf+json": ".gltf",
    "model/gltf-binary": ".glb",
    "model/obj": ".obj",
    "model/stl": ".stl",
    "text/calendar": ".ics",
    "text/css": ".css",
    "text/csv": ".csv",
    "text/html": ".html .htm",
    "text/javascript": ".js .mjs .cjs",
    "text/markdown": ".md .markdown",
    "text/plain": ".txt .log .ini .cfg .conf",
    "text/tab-separated-values": ".tsv",
    "text/vtt": ".vtt",
    "text/x-python": ".py",
    "text/x-rst": ".rst",
    "text/xml": ".xml",
    "video/3gpp": ".3gp",
    "video/mp2t": ".ts .m2ts",
    "video/mp4": ".mp4 .m4v",
    "video/mpeg": ".mpeg .mpg",
    "video/ogg": ".ogv",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "video/x-matroska": ".mkv",
    "video/x-msvideo": ".avi",
}
_BY_SUFFIX = {suffix: kind for kind, suffixes in _TYPES.items() for suffix in suffixes.split()}
_OTHER_NAMES = {
    "application/javascript": "text/javascript",
    "application/x-javascript": "text/javascript",
    "application/x-gzip": "application/gzip",
    "application/x-zip-compressed": "application/zip",
    "application/xml": "text/xml",
    "audio/mp3": "audio/mpeg",
    "audio/vnd.wave": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/x-m4a": "audio/mp4",
    "audio/x-wav": "audio/wav",
    "image/jpg": "image/jpeg",
    "image/x-icon": "image/vnd.microsoft.icon",
    "image/x-png": "image/png",
}


def mime_type_of(name: str) -> str | None:
    """The MIME type that the suffix of ``name`` stands for, None if it is not known.

    A compressed file is what it is compressed with: ``a.tar.gz`` is ``application/gzip``.
    """
    suffix = os.path.splitext(name)[1].lower()
    # Types that the user has made known with `mimetypes.add_type` come last.
    return (
        _BY_SUFFIX.get(suffix)
        or _builtin().guess_type("a" + suffix, strict=False)[0]
        or mimetypes.guess_type("a" + suffix, strict=False)[0]
    )


def suffix_of(mime_type: str) -> str:
    """The usual suffix, with its dot, of files of a MIME type; empty if none is known."""
    kind = mime_type.lower()
    kind = _OTHER_NAMES.get(kind, kind)
    if kind in _TYPES:
        return _TYPES[kind].split()[0]
    return _builtin().guess_extension(kind, strict=False) or ""


@functools.cache
def _builtin() -> mimetypes.MimeTypes:
    """Python's own table, without what the machine adds to it."""
    return mimetypes.MimeTypes()
