"""Where a stub may send requests: to this machine and to what the user allows, wherever a client would have them."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")


class NotAllowedError(Exception):
    """The stub must not send anything there; the message says why."""


class Allowed:
    """Loopback, and the hosts, addresses and networks that are named."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        """Each of `entries` is a host name or an address, either with a port if it holds for that alone, or a network.

        `ValueError` for what is none of these.
        """
        self._networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
        self._hosts: set[tuple[str, int | None]] = set()
        for entry in entries:
            try:
                self._networks.append(ipaddress.ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                self._hosts.add(_host_and_port(entry))

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host, all of which are allowed; `NotAllowedError` else, `OSError` if it has none.

        A name that nobody allowed is not even looked up. One that is may not lead to a private address (RFC 6890),
        unless that is allowed as well: names can be made to mean any address.
        """
        host = host.lower().removesuffix(".")
        address = _address(host)
        if address is not None:
            if not (self._holds(address) or self._names(host, port)):
                raise NotAllowedError(f"{host} is not allowed")
            return [str(address)]
        is_local = host == "localhost" or host.endswith(".localhost")
        if not (is_local or self._names(host, port)):
            raise NotAllowedError(f"{host} is not allowed")
        loop = asyncio.get_running_loop()
        found = [str(entry[4][0]) for entry in await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        for text in found:
            address = _address(text)
            if address is None or not (self._holds(address) or (address.is_global and not is_local)):
                raise NotAllowedError(f"{host} leads to {text}, which is private and not allowed")
        return list(dict.fromkeys(found))

    def _holds(self, address: Address) -> bool:
        return address.is_loopback or any(address in network for network in self._networks)

    def _names(self, host: str, port: int) -> bool:
        return (host, None) in self._hosts or (host, port) in self._hosts


def _address(text: str) -> Address | None:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _host_and_port(entry: str) -> tuple[str, int | None]:
    host, colon, port = entry.lower().rpartition(":")
    if not colon:
        host, port = port, ""
    if port.isdecimal() != bool(colon) or not (_address(host.strip("[]")) or HOST.fullmatch(host)):
        raise ValueError(f"{entry!r} is no host, address or network")
    return host.strip("[]"), int(port) if colon else None
