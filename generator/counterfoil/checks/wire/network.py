"""How requests leave this machine: timeouts, trusted certificates, a proxy."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import urllib3

from counterfoil.location import CounterfoilError, Diagnostic, Location

TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Network:
    """`timeout` is in seconds, for connecting and for each wait for data. `ca` is a file of certificates in PEM.

    `proxy` is the URL of an HTTP proxy, which may hold a user and a password. With `insecure` certificates are not
    verified.
    """

    timeout: float = TIMEOUT
    ca: Path | None = None
    proxy: str | None = None
    insecure: bool = False

    def pool(self) -> urllib3.PoolManager:
        """Connections that neither repeat requests nor follow redirects by themselves.

        `CounterfoilError` for a proxy that is none.
        """
        options: dict[str, Any] = {"retries": False, "timeout": self.timeout}
        if self.insecure:
            options["cert_reqs"] = "CERT_NONE"
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        elif self.ca is not None:
            options["ca_certs"] = str(self.ca)
        if self.proxy is None:
            return urllib3.PoolManager(**options)
        parts = urlsplit(self.proxy)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            hint = "a URL such as http://proxy.example:3128"
            raise CounterfoilError(Diagnostic(Location("--proxy", 0), "invalid-proxy", "not the URL of a proxy", hint))
        login = parts.netloc.rpartition("@")[0]
        headers = urllib3.make_headers(proxy_basic_auth=login) if login else None
        bare = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        return urllib3.ProxyManager(bare, proxy_headers=headers, **options)
