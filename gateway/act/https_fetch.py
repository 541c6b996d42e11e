"""Fetches one document over HTTPS: certificate verified, bounded in bytes and in time altogether.

Redirects are followed to https on the same host and port only. Proxies are those of the
environment (HTTPS_PROXY, NO_PROXY).
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass

import httpx

_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered; `content` is None where it says that nothing has changed. `tag` and
    `modified` are its ETag and Last-Modified."""

    content: bytes | None
    tag: str = ""
    modified: str = ""


class NotFetched(Exception):
    """Why there is nothing, in words for a log."""


async def fetch(
    url: str, trust: ssl.SSLContext, max_bytes: int, seconds: float, tag: str = "",
    modified: str = "",
) -> Fetched:  # fmt: skip
    """The document, or that it is still the one of this tag or date. Raises NotFetched."""
    headers = {"Accept-Encoding": "identity", "User-Agent": "prerelease-gateway"}
    headers |= {"If-None-Match": tag} if tag else {}
    headers |= {"If-Modified-Since": modified} if modified else {}
    try:
        async with asyncio.timeout(seconds), httpx.AsyncClient(verify=trust) as client:
            return await _asked(client, httpx.URL(url), headers, max_bytes)
    except TimeoutError:
        raise NotFetched(f"no whole answer within {seconds:g} seconds") from None
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
        raise NotFetched(f"{type(error).__name__}: {error}"[:300]) from None


async def _asked(
    client: httpx.AsyncClient, url: httpx.URL, headers: dict[str, str], max_bytes: int
) -> Fetched:
    for _ in range(_REDIRECTS + 1):
        async with client.stream("GET", url, headers=headers) as answer:
            if answer.has_redirect_location:
                url = _same_place(url, answer.headers["location"])
                continue
            if answer.status_code == httpx.codes.NOT_MODIFIED:
                return Fetched(None)
            if answer.status_code != httpx.codes.OK:
                raise NotFetched(f"the server answered {answer.status_code}")
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise NotFetched("the server compressed what was to come as it is")
            content = await _bounded(answer, max_bytes)
            known = (answer.headers.get(name, "")[:300] for name in ("etag", "last-modified"))
            return Fetched(content, *known)
    raise NotFetched(f"more than {_REDIRECTS} redirects")


def _same_place(url: httpx.URL, location: str) -> httpx.URL:
    target = url.join(location)
    if target.scheme != "https" or (target.host, target.port) != (url.host, url.port):
        raise NotFetched("redirected to another host, or away from https")
    return target


async def _bounded(answer: httpx.Response, max_bytes: int) -> bytes:
    found = bytearray()
    async for chunk in answer.aiter_raw():
        found += chunk
        if len(found) > max_bytes:
            raise NotFetched(f"larger than {max_bytes} bytes")
    return bytes(found)
