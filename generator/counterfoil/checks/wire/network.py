"""How requests leave this machine: timeouts, trusted certificates, a proxy."""

import ipaddress
import os
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import urllib3

from counterfoil.checks.wire.answers import POOLS
from counterfoil.location import CounterfoilError, Diagnostic, Location

TIMEOUT = 10.0
_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@dataclass(frozen=True, slots=True)
class Network:
    """`timeout` is in seconds, for connecting and for the whole of an answer. `ca` is a file of certificates in PEM.

    `proxy` is the URL of an HTTP proxy, which may hold a user and a password. With `insecure` certificates are not
    verified. Where these are not given, the variables count that most programs read: HTTP_PROXY, HTTPS_PROXY,
    ALL_PROXY and NO_PROXY, REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE.
    """

    timeout: float = TIMEOUT
    ca: Path | None = None
    proxy: str | None = None
    insecure: bool = False

    def proxy_to(self, url: str) -> str | None:
        """The proxy that requests to `url` go through, None for none; never one of the environment to this machine."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if self.proxy is not None or is_loopback(host) or urllib.request.proxy_bypass(host):
            return self.proxy
        found = urllib.request.getproxies()
        return found.get(parts.scheme) or found.get("all")

    def pool(self, url: str) -> urllib3.PoolManager:
        """Connections to the origin of `url` that neither repeat requests nor follow redirects by themselves.

        `CounterfoilError` for a proxy that is none.
        """
        options: dict[str, Any] = {"retries": False, "timeout": self.timeout}
        if self.insecure:
            options["cert_reqs"] = "CERT_NONE"
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        elif self.ca is not None:
            options["ca_certs"] = str(self.ca)
        elif bundle := next(filter(None, map(os.environ.get, _BUNDLES)), None):
            options["ca_certs"] = bundle
        proxy = self.proxy_to(url)
        if proxy is None:
            return _with_whole_answers(urllib3.PoolManager(**options))
        parts = urlsplit(proxy)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            hint = "a URL such as http://proxy.example:3128"
            raise CounterfoilError(Diagnostic(Location("--proxy", 0), "invalid-proxy", "not the URL of a proxy", hint))
        login = parts.netloc.rpartition("@")[0]
        headers = urllib3.make_headers(proxy_basic_auth=login) if login else None
        bare = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        return _with_whole_answers(urllib3.ProxyManager(bare, proxy_headers=headers, **options))


def _with_whole_answers(manager: urllib3.PoolManager) -> urllib3.PoolManager:
    manager.pool_classes_by_scheme = POOLS
    return manager


def is_loopback(host: str) -> bool:
    """Whether nothing that is sent to a host leaves the machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
