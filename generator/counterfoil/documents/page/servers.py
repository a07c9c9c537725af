"""The server that a full address of an operation implies."""

import re


def server_of(url: str, path: str) -> str:
    """What stands in `url` before the operation's `path`, whose templates may be filled in; empty if there is none.

    `server_of("https://api.example.com/v1/users/7?x=1", "/users/{id}")` is `https://api.example.com/v1`. If the
    address does not end with the path, the server is its scheme and host.
    """
    address = url.split("?")[0].split("#")[0].rstrip("/")
    if not re.match(r"https?://[^/]+", address):
        return ""
    pattern = re.sub(r"\\\{[^{}/]+\\\}|(?<=/):\w+|<[^<>/]+>", "[^/]+", re.escape(path.split("?")[0].rstrip("/")))
    match = re.fullmatch(rf"(https?://[^/]+(?:/.*?)?){pattern}", address)
    if match:
        return match[1].rstrip("/")
    host = re.match(r"https?://[^/]+", address)
    return host[0] if host else ""


def split_url(url: str) -> tuple[str, str]:
    """Scheme with host, and path, of an address; either may be empty. A query string is left out."""
    match = re.match(r"(https?://(?:[^/{}?]|\{[^{}]*\})+)?([^?#]*)", url)
    return ((match[1] or ""), match[2]) if match else ("", "")
