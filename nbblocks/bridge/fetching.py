"""Files of the web, fetched into a cache."""

from __future__ import annotations

import hashlib
import http.client
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from email.message import Message
from typing import IO, Any

from .cache import FileCache
from .mimes import suffix_of

SILENCE = 30
"""Seconds without an answer after which fetching a URL fails."""
LIMIT = 3600
"""Seconds after which it fails though something still comes."""
CHUNK = 256 * 1024


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirect to anything but http and https."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """The request for ``newurl``."""
        if urllib.parse.urlsplit(newurl).scheme.lower() not in ("http", "https"):
            raise urllib.error.HTTPError(newurl, code, f"{msg} - {newurl!r} is not allowed", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch_into(store: FileCache, url: str) -> str:
    """Fetch ``url`` into ``store`` and return the path of the file, a chunk in memory at a time.

    The file is called what the server or the URL calls it, with a suffix for its type if it has none.

    :raises FileNotFoundError: if the server says that there is no such file
    :raises TimeoutError: if it does not answer for `SILENCE` seconds, or takes longer than `LIMIT`
    :raises OSError: if it cannot be fetched for another reason; all of them name the URL
    """
    try:
        request = urllib.request.Request(_ascii(url), headers={"User-Agent": "nbblocks"})
        with urllib.request.build_opener(_Redirects).open(request, timeout=SILENCE) as answer:
            name = _name(url, answer)
            with store.writing(name) as (part, path):
                digest = _receive(answer, part)
        return store.adopt(path, digest, name)
    except urllib.error.HTTPError as error:
        error.close()
        kind = FileNotFoundError if error.code in (404, 410) else OSError
        raise kind(f"{url!r} cannot be fetched: the server says {error.code} {error.reason}") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        if isinstance(error, OSError) and error.filename is not None:  # it cannot be stored
            raise
        reason: object = error.reason if isinstance(error, urllib.error.URLError) else error
        kind = TimeoutError if isinstance(reason, TimeoutError) else OSError
        raise kind(f"{url!r} cannot be fetched: {reason or type(reason).__name__}") from error


def _receive(answer: http.client.HTTPResponse, part: IO[bytes]) -> str:
    """Write what comes to ``part``; its sha256."""
    digest, size, end = hashlib.sha256(), 0, time.monotonic() + LIMIT
    while chunk := answer.read1(CHUNK):
        digest.update(chunk)
        part.write(chunk)
        size += len(chunk)
        if time.monotonic() > end:
            raise TimeoutError(f"it takes longer than {LIMIT} seconds")
    said = answer.headers.get("Content-Length")
    if said is not None and said.isdecimal() and size != int(said):
        raise OSError(f"the connection broke after {size} of {said} bytes")
    return digest.hexdigest()


def _name(url: str, answer: http.client.HTTPResponse) -> str:
    headers: Message = answer.headers
    named, here, there = headers.get_filename(), _last(url), _last(answer.url)
    name = named or (here if os.path.splitext(here)[1] else there if os.path.splitext(there)[1] else here)
    name = name or "file"
    return name if os.path.splitext(name)[1] else name + suffix_of(headers.get_content_type())


def _last(url: str) -> str:
    return urllib.parse.unquote(urllib.parse.urlsplit(url).path.rsplit("/", 1)[-1])


def _ascii(url: str) -> str:
    """The URL with what is not ASCII encoded, as the address line of a browser does it."""
    parts = urllib.parse.urlsplit(url.strip())
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    path, query = (
        urllib.parse.quote(text, safe="!$%&'()*+,-./:;=?@_~[]|") for text in (parts.path, parts.query)
    )
    return urllib.parse.urlunsplit((parts.scheme, host, path, query, ""))
