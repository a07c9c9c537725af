"""Alternative ways to authenticate: each of them lets the right credentials in."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.probes.access.attempts import Credential, matches, spelled
from counterfoil.checks.wire.credentials import Filled
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.checks.wire.tokens.forms import ACCEPTED, forms
from counterfoil.checks.wire.tokens.near import is_jwt
from counterfoil.stub.state.inference.names import words

NAME = "right_credentials"

_REFUSED = frozenset({401, 403})
# Words of fields that say no more than that there is a token in them.
_PLAIN = frozenset({"x", "api", "key", "apikey", "token", "access", "auth", "private", "authorization"})


@dataclass(slots=True)
class _Alternative:
    """A further security requirement with the token of the run, and where it let nobody in.

    `is_meant`: the token is one for it, too.
    """

    requirement: list[Credential]
    is_meant: bool
    refused: list[tuple[Draft, Exchange]] = field(default_factory=list)


def run(subjects: Sequence[tuple[Draft, list[list[Credential]]]], conversation: Conversation) -> None:
    """Send the right token by each further way that an operation has, with valid requests."""
    known: dict[str, _Alternative] = {}
    for valid, credentials in subjects:
        if NAME in valid.operation.switched_off:
            continue
        for requirement in credentials[1:]:
            placements = [each.filled.placement for each in requirement]
            alternative = known.get(str(placements))
            if alternative is None:
                alternative = _Alternative(requirement, _is_meant(credentials[0], requirement, conversation))
                known[str(placements)] = alternative
            draft = replace(valid, credentials=placements)
            exchange = conversation.ask(draft, intent="invalid", source="probes")
            if exchange is not None and exchange.response.status in _REFUSED:
                alternative.refused.append((valid, exchange))
            elif exchange is not None and valid.operation.is_success(exchange.response.status):
                alternative.is_meant = True
    for alternative in known.values():
        for valid, exchange in alternative.refused if alternative.is_meant else ():
            _judge(alternative, valid, exchange, conversation)
    for valid, credentials in subjects[:1]:
        is_tried = len(credentials) > 1 and NAME not in valid.operation.switched_off
        for requirement in credentials if is_tried else ():
            placements = [each.filled.placement for each in requirement]
            if str(placements) not in known or not known[str(placements)].refused:
                _try_spelled(valid, requirement, conversation)


def _try_spelled(valid: Draft, requirement: list[Credential], conversation: Conversation) -> None:
    """The right token is let in with its scheme written in each way that the form allows which is stated of it."""
    for each in requirement:
        form = forms(each.filled.scheme).get(ACCEPTED, "")
        for label, text in spelled(each).items():
            if matches(form, text):
                attempt = each.attempt(label, text)
                draft = replace(valid, credentials=attempt.placements)
                exchange = conversation.ask(draft, intent="invalid", source="probes")
                if exchange is not None and exchange.response.status in _REFUSED:
                    summary, expected = f"refused with {attempt.label}", "success: it has the form that is stated"
                    pointer, got = f"{exchange.operation.pointer}/security", exchange.response.describe()
                    conversation.report.add(exchange, NAME, summary, expected, got, pointer)


def _judge(alternative: _Alternative, valid: Draft, exchange: Exchange, conversation: Conversation) -> None:
    # Credentials that may not do this by any way prove nothing.
    usual = conversation.ask(valid, intent="valid", source="probes")
    if usual is None or usual.response.status in _REFUSED:
        return
    names = " and ".join(each.filled.placement.name for each in alternative.requirement)
    kinds = " and ".join(_kind(each.filled) for each in alternative.requirement)
    summary = f"refused with right credentials in {names} ({kinds})"
    expected = "success, as by the other way to authenticate"
    pointer = f"{exchange.operation.pointer}/security"
    conversation.report.add(exchange, NAME, summary, expected, exchange.response.describe(), pointer)


def _is_meant(first: list[Credential], other: list[Credential], conversation: Conversation) -> bool:
    """Whether the token is one for another requirement, too: by its stated form, or as both want any token."""
    own = conversation.client.credentials
    stated = [(each, forms(each.filled.scheme).get(ACCEPTED)) for each in other]
    if any(form and not each.is_of_form(form) for each, form in stated):
        return False
    if all(form for _, form in stated) or (own.made_up and conversation.client.target.app is not None):
        return True
    if own.made_up or len(first) != 1 or len(other) != 1 or is_jwt(other[0].secret):
        return False
    fields = [each.filled.placement.name for each in (*first, *other) if each.filled.scheme.get("type") == "apiKey"]
    plain = all(_wants_any_token(each.filled) for each in (*first, *other))
    return plain and len({"".join(words(name)) for name in fields}) == 1


def _wants_any_token(filled: Filled) -> bool:
    scheme, placement = filled
    if scheme.get("type") == "apiKey":
        return placement.location != "cookie" and set(words(placement.name)) <= _PLAIN
    is_bearer = scheme.get("type") == "http" and str(scheme.get("scheme", "")).lower() == "bearer"
    return is_bearer and "jwt" not in str(scheme.get("bearerFormat", "")).lower()


def _kind(filled: Filled) -> str:
    return str(filled.scheme.get("scheme") or filled.scheme.get("type"))
