"""Options of all commands that ask a live endpoint."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from counterfoil.cli.console import say
from counterfoil.location import CounterfoilError, Diagnostic, Location

if TYPE_CHECKING:
    from counterfoil.checks.live.settings import Live
    from counterfoil.checks.reporting.findings import Report
    from counterfoil.checks.wire.network import Network
    from counterfoil.checks.wire.target import Target
    from counterfoil.checks.wire.tokens.sources import Renewal

F = TypeVar("F", bound=Callable[..., Any])
_FILE = click.Path(dir_okay=False, path_type=Path)
_MISSING = "credentials-missing"


class Header(click.ParamType[tuple[str, str]]):
    """`Name: value`, whose text is never repeated in messages, since it may be a secret."""

    name = "header"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The name and the value."""
        name, colon, text = str(value).partition(":")
        text = text.strip()
        if not colon or not name.strip().isascii() or not name.strip() or not text.isprintable():
            self.fail("a header is given as 'Name: value', in one line", param, ctx)
        return name.strip(), text


_OPTIONS = (
    click.option(
        "--profile",
        type=click.Choice(["safe", "full"]),
        help="What may be asked: safe, the default away from this machine, or full.",
    ),
    click.option(
        "--budget",
        type=click.IntRange(1),
        metavar="N",
        help="How many requests to send at most, removals at the end apart; 200 by the profile safe.",
    ),
    click.option("--rate", metavar="N/s", help="How fast, such as 5/s or 100/m; 5/s by the profile safe."),
    click.option(
        "--operation",
        "operations",
        multiple=True,
        metavar="PATTERN",
        help="Ask this one only: METHOD /path, /path, an operationId or a tag, * is any text; may be repeated.",
    ),
    click.option("--token-command", metavar="COMMAND", help="A command that writes the token; run without a shell."),
    click.option("--allow-skip", is_flag=True, help="Exit with 0 where nothing can be asked, as without credentials."),
    click.option("--record", type=_FILE, metavar="FILE.har", help="Write all traffic, secrets masked, as HAR 1.2."),
)


def network_options(command: F, about: str = "") -> F:
    """Give a command the options about the way to a server, whose texts of help begin with `about`."""
    options = (
        click.option(
            "--header",
            "-H",
            "headers",
            type=Header(),
            multiple=True,
            metavar="'NAME: VALUE'",
            help=f"{about}A header of every request; may be repeated.",
        ),
        click.option("--ca", type=_FILE, metavar="FILE", help=f"{about}Certificates to trust, in PEM."),
        click.option("--insecure", is_flag=True, help=f"{about}Do not verify certificates."),
        click.option("--proxy", metavar="URL", help=f"{about}An HTTP proxy."),
        click.option(
            "--timeout",
            type=click.FloatRange(0, min_open=True),
            default=10.0,
            show_default=True,
            metavar="SECONDS",
            help=f"{about}How long to wait for an answer.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def network(ca: Path | None, proxy: str | None, timeout: float, *, insecure: bool) -> "Network":
    """The way to a server that a person chose; `CounterfoilError` for a file that holds no certificates."""
    import ssl

    from counterfoil.checks.wire.network import Network

    if ca is not None:
        try:
            ssl.create_default_context(cafile=ca)
        except FileNotFoundError:
            raise _unusable(ca, "no-such-file", "there is no such file") from None
        except OSError:  # of which those of ssl are some
            raise _unusable(ca, "not-certificates", "there are no certificates in PEM in this file") from None
    return Network(timeout, ca, proxy, insecure)


def _unusable(path: Path, rule: str, message: str) -> CounterfoilError:
    return CounterfoilError(Diagnostic(Location(path.as_posix(), 0), rule, message))


def live_options(command: F) -> F:
    """Give a command the options about live endpoints; it takes them as `**options` for `Choices`."""
    command = network_options(command)
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose among these options."""

    profile: Any
    budget: int | None
    rate: str | None
    operations: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    token_command: str | None
    ca: Path | None
    insecure: bool
    proxy: str | None
    timeout: float
    allow_skip: bool
    record: Path | None

    def target(self, url: str) -> "Target":
        """The server at `url`; `CounterfoilError` if there is none."""
        from counterfoil.checks.wire.target import at_url

        return at_url(url, self.network)

    @property
    def network(self) -> "Network":
        """The way to the server; `CounterfoilError` for a file that holds no certificates."""
        return network(self.ca, self.proxy, self.timeout, insecure=self.insecure)

    def settings(self, vendor: str, specs: Path, resume: Path | None = None, *, generated: bool = False) -> "Live":
        """The settings of a run. `generated`: a person has asked for the requests of schemathesis."""
        from counterfoil.checks.live.settings import Live
        from counterfoil.checks.wire.pace import interval

        network = self.network
        return Live(
            self.profile,
            self.budget,
            None if self.rate is None else interval(self.rate),
            self.operations,
            network,
            self._renewal(vendor, specs, network),
            resume,
            self.record,
            generated,
        )

    def token(self, vendor: str, live: "Live") -> str | None:
        """The token of a run, fetched where it has to be; `CounterfoilError` if it is not to be had."""
        from counterfoil.checks.wire.credentials import variable_for

        return live.renewal.fetch() if live.renewal is not None else os.environ.get(variable_for(vendor)) or None

    def readonly_token(self, vendor: str) -> str | None:
        """The token of somebody who may read and not write, None where none is given."""
        from counterfoil.checks.wire.credentials import readonly_variable_for

        return os.environ.get(readonly_variable_for(vendor)) or None

    def skips(self, vendor: str, error: CounterfoilError) -> bool:
        """Whether a run that lacks credentials is to be skipped; that is said."""
        if not self.allow_skip or any(each.rule != _MISSING for each in error.diagnostics):
            return False
        reasons = "; ".join(f"{each.message}: {each.hint}" for each in error.diagnostics)
        say(f"{vendor}: skipped, since {reasons}")
        return True

    def nothing_asked(self, report: "Report") -> list[Diagnostic]:
        """A diagnostic where a run could ask nothing, so that nobody takes that for a contract that is kept."""
        if report.cases or report.interrupted or self.allow_skip:
            return []
        hint = "say by --operation what may be asked, or --allow-skip"
        return [Diagnostic(Location(report.target, 0), "nothing-asked", "no request was made to any operation", hint)]

    def _renewal(self, vendor: str, specs: Path, network: Any) -> "Renewal | None":
        from counterfoil.checks.wire.tokens.sources import Command, Renewal

        if self.token_command is not None:
            return Renewal(Command(self.token_command))
        client = _client(vendor, specs, network)
        return Renewal(client) if client is not None else None


def _client(vendor: str, specs: Path, network: Any) -> Any:
    """The OAuth 2 client that the environment or `[auth]` of vendor.toml describes; None without one, or its secret."""
    from counterfoil.checks.wire.credentials import variable_for
    from counterfoil.checks.wire.tokens.sources import ClientCredentials
    from counterfoil.documents.folder import open_vendor

    stem = variable_for(vendor).removesuffix("_TOKEN")
    auth = open_vendor(specs, vendor).config.auth if (specs / vendor).is_dir() else None
    url = os.environ.get(f"{stem}_TOKEN_URL") or (auth.token_url if auth else "")
    if not url or os.environ.get(variable_for(vendor)):
        return None
    id_name = (auth.client_id_env if auth else "") or f"{stem}_CLIENT_ID"
    secret_name = (auth.client_secret_env if auth else "") or f"{stem}_CLIENT_SECRET"
    client, secret = os.environ.get(id_name), os.environ.get(secret_name)
    if not client or not secret:
        return None
    scopes = (os.environ.get(f"{stem}_SCOPES") or "").split() or (auth.scopes if auth else [])
    in_body = auth is not None and auth.client_authentication == "body"
    return ClientCredentials(url, client, secret, tuple(scopes), in_body, network)
