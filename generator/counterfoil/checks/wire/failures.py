"""Why a request has no answer."""

import http.client
import ssl
from collections.abc import Iterator

from urllib3 import exceptions

from counterfoil.location import CounterfoilError, Diagnostic, Location

PROXY_REFUSES = 407  # RFC 9110, section 15.5.8: never the status of a server


class EndlessError(exceptions.HTTPError):
    """A body that came to no end; its text says within what."""


def reason(error: Exception, timeout: float) -> str:
    """A failure of urllib3 or the operating system in words; an answer may take `timeout` seconds."""
    for cause in _causes(error):
        match cause:
            case exceptions.NameResolutionError():
                return f"no connection: the name of the host is not known ({cause})"
            case exceptions.ConnectTimeoutError() if not isinstance(cause, exceptions.NewConnectionError):
                return f"no connection within {timeout:g} s"
            case exceptions.ReadTimeoutError() | TimeoutError():
                return f"no answer within {timeout:g} s"
            case exceptions.IncompleteRead() | http.client.IncompleteRead():
                return f"the body breaks off before its end: {cause}"
            case http.client.RemoteDisconnected():
                return "the server closed the connection without an answer"
            case http.client.HTTPException() | exceptions.InvalidHeader():
                return f"what came is no HTTP: {cause}"
            case exceptions.DecodeError():
                return "the body is none in the Content-Encoding that it is said to have"
            case EndlessError():
                return str(cause)
            case ssl.SSLCertVerificationError():
                return f"the certificate is not trusted: {cause.verify_message}"
            case ConnectionResetError() | BrokenPipeError() | ConnectionAbortedError():
                return "the server closed the connection"
            case OSError() if cause.strerror and not isinstance(cause, ssl.SSLError):
                return f"no connection: {cause.strerror.lower()}"
            case OSError() if not isinstance(cause, ssl.SSLError) and str(cause):
                return str(cause)
    return f"{type(error).__name__}: {error}"


def about_the_way(error: Exception, url: str, timeout: float) -> CounterfoilError | None:
    """What is wrong with certificates or a proxy, which tells nothing of the server at `url`; else None."""
    words = reason(error, timeout)
    if isinstance(error, exceptions.ProxyError):
        words, hint = f"the proxy does not let requests through: {words}", "correct --proxy, or the variables for it"
    elif isinstance(error, exceptions.SSLError):
        untrusted = any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error))
        hint = "give the certificates to trust by --ca" if untrusted else "does this server speak https?"
    else:
        return None
    return CounterfoilError(Diagnostic(Location(url, 0), "endpoint-unreachable", words, hint))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Exceptions that an exception was made from, the innermost first, then itself."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(seen) < 10:
        found = waiting.pop()
        if found is None or found in seen:
            continue
        seen.append(found)
        inner = [each for each in found.args if isinstance(each, BaseException)]
        waiting += [getattr(found, "original_error", None), found.__cause__, found.__context__, *inner]
    yield from reversed(seen)
