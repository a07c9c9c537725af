"""What is sent in place of the right credentials, and what has to come of it."""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from counterfoil.checks.cases.variants import pattern_texts
from counterfoil.checks.cases.variants.pattern_texts import Text
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.credentials import Filled, Placement, placed_by, secret_of
from counterfoil.checks.wire.tokens.forms import ACCEPTED, forms, match_of
from counterfoil.checks.wire.tokens.near import altered, near

MISSING, UNKNOWN = "credentials.missing", "credentials.unknown"

# `no success`: however it is refused. `no crash`: RFC 9110 does not say which of two fields counts.
Wanted = Literal["refusal", "success", "no success", "no crash"]

_OTHER = "counterfoil-other"
_FOREIGN = {"somebody's bearer token": f"Bearer {_OTHER}", "somebody's password": "Basic Y291bnRlcmZvaWw6b3RoZXI="}
# Where servers look for tokens that are not told to (RFC 6750, section 2.3, for the query).
_QUERY = "access_token"
_KEY = "api_key"
_SCHEMES = ("Token", "Basic", "Digest", "ApiKey")
_OPTIONAL = ("0 times", "1 times")  # what may be there or not
_MOST_FORMS = 8
_SHOWN = 16  # characters of a token
_ODD = {
    "a token with quotes": "' OR '1'='1",
    "a token that is not ASCII": "t\xf6ken",
    "three parts that are no token": "a.b.c",
}


class Attempt(NamedTuple):
    """`label` says what is sent, `reason` is why it is refused, as in `x-counterfoil.refusals`, if that is known.

    `is_token`: what is sent is a token like the right one, in its place and after its scheme.
    """

    label: str
    placements: Sequence[Placement]
    reason: str = ""
    wanted: Wanted = "refusal"
    is_token: bool = False


class Credential(NamedTuple):
    """One scheme of a security requirement with the right token in it, and what the others want.

    `is_shared`: there is another scheme whose credentials stand in the same field. `where` tells it from others in
    words, empty for what most requests carry. `stated` are the forms of credentials that are refused and accepted,
    empty where another way to authenticate has a say as well. `accepted` are the forms of all that may stand in the
    field, empty where any may. `rivals` are the stated forms of each of several schemes that have one field.
    """

    filled: Filled
    others: tuple[Placement, ...]
    token: str
    is_shared: bool
    where: str
    stated: Mapping[str, str]
    accepted: tuple[str, ...] = ()
    rivals: tuple[Mapping[str, str], ...] = ()

    @property
    def secret(self) -> str:
        """The token without its authentication scheme."""
        return secret_of(self.token)

    @property
    def is_basic(self) -> bool:
        """Whether user and password are sent together."""
        return str(self.filled.scheme.get("scheme", "")).lower() == "basic"

    @property
    def prefix(self) -> str:
        """The authentication scheme with a space, as it stands before the token; empty where there is none."""
        value = self.filled.placement.value
        if self.is_basic:
            return value[: value.index(" ") + 1]
        return value.removesuffix(self.secret) if value.endswith(self.secret) else ""

    @property
    def wanted_of_malformed(self) -> Wanted:
        """What has to come of what is no credential at all: a 400 will do (RFC 6750, section 3.1)."""
        return "refusal" if self.stated else "no success"

    def is_of_form(self, form: str) -> bool:
        """Whether the right value has a stated form."""
        return matches(form, self.filled.placement.value)

    def attempt(self, label: str, value: str, reason: str = "", wanted: Wanted = "refusal") -> Attempt:
        """Another value in place of the right one."""
        placements = (self.filled.placement._replace(value=value), *self.others)
        is_token = value.startswith(self.prefix) and value != self.prefix
        return Attempt(label + self.where, placements, reason or self._reason(value), wanted, is_token)

    def _reason(self, value: str) -> str:
        """Why the server refuses a wrong value by the forms that are stated; empty where nothing is."""
        if value != value.strip() or not (self.stated or self.rivals):
            return ""
        found = [reason for reason in (_first_match(each, value) for each in self.rivals or (self.stated,)) if reason]
        if self.stated:
            return UNKNOWN if found in ([], [ACCEPTED]) else found[0]
        # What none of several forms is like may be no credentials at all.
        return UNKNOWN if set(found) == {ACCEPTED} else ""


def credentials(operation: Operation, requirements: Sequence[Sequence[Filled]], token: str) -> list[list[Credential]]:
    """Each requirement of an operation, scheme by scheme."""
    wanted = [(each.placement.location, each.placement.name.lower()) for known in requirements for each in known]
    taken = [forms(each.scheme).get(ACCEPTED, "") for known in requirements for each in known]
    is_known = len(requirements) == len(operation.security) and all(taken)
    rivals = [forms(each.scheme) for known in requirements for each in known]
    found = []
    for number, requirement in enumerate(requirements):
        placements = [each.placement for each in requirement]
        made = []
        for filled in requirement:
            others = tuple(each for each in placements if each is not filled.placement)
            place = filled.placement.location, filled.placement.name.lower()
            stated = forms(filled.scheme) if len(operation.security) == 1 else {}
            where = f" in {filled.placement.name}" if number or others else ""
            accepted = (
                tuple(form for form, each in zip(taken, wanted, strict=True) if each == place) if is_known else ()
            )
            is_shared, has_one_field = wanted.count(place) > 1, is_known and len(set(wanted)) == 1
            known_forms = tuple(rivals) if has_one_field and not stated else ()
            made.append(Credential(filled, others, token, is_shared, where, stated, accepted, known_forms))
        found.append(made)
    return found


def telling(found: Sequence[Sequence[Credential]]) -> Iterator[Attempt]:
    """What shows most mistakes with few requests: no credentials, and some that are nearly right."""
    yield Attempt("no credentials", (), MISSING)
    first = found[0]
    for label, text in list(_nearly(first[0]).items())[:1]:
        yield first[0].attempt(label, text)
    for each in first if len(first) > 1 else ():
        yield Attempt(f"no {each.filled.placement.name}", each.others)
    for other in found[1:]:
        for each in other:
            yield each.attempt("another token", _written(each, f"counterfoil:{_OTHER}" if each.is_basic else _OTHER))


def usual(credential: Credential) -> Iterator[Attempt]:
    """What careless comparison lets in, and credentials of others."""
    filled, secret, prefix = credential.filled, credential.secret, credential.prefix
    if credential.is_basic:
        yield credential.attempt("another password", _written(credential, f"counterfoil:{_OTHER}"))
    else:
        yield credential.attempt("another token", prefix + _OTHER)
    for label, text in _nearly(credential).items():
        yield credential.attempt(label, text)
    yield credential.attempt("an empty value", "", MISSING)
    if prefix:
        yield credential.attempt("the scheme without a token", prefix.strip(), wanted=credential.wanted_of_malformed)
        yield from _otherwise(credential, {"another scheme": f"Digest {filled.placement.value.removeprefix(prefix)}"})
        # Many servers cut the scheme off wherever it is, which is no fault unless the contract states the form.
        bare = filled.placement.value.removeprefix(prefix) if credential.stated else ""
        yield from _otherwise(credential, {"the token without its scheme": bare} if bare else {})
    if not credential.is_basic:
        yield credential.attempt("a long token", prefix + "counterfoil" * 8)
        if prefix:
            yield credential.attempt("a user without a password", "Basic Y291bnRlcmZvaWw6")
    if not prefix and filled.placement.name.lower() != "authorization":
        for label, text in _FOREIGN.items():
            yield Attempt(label, (Placement("header", "Authorization", text), *credential.others))
    for reason, form in forms(filled.scheme).items() if secret and not credential.where else ():
        text = match_of(form) if reason != ACCEPTED else ""
        if text and text == text.strip():  # HTTP takes white space away at either end
            yield credential.attempt(f"credentials of the form of {reason}", text, reason)


def rare(credential: Credential, taken: frozenset[tuple[str, str]]) -> Iterator[Attempt]:
    """What is worth a try once. `taken` are the locations and names in lower case where credentials may be."""
    placement, secret, prefix = credential.filled.placement, credential.secret, credential.prefix
    if credential.is_basic:
        yield from _odd_basics(credential)
        return
    if len(secret) > 1:
        for label, text in altered(secret).items():
            if placement.location != "cookie" or '"' not in text:  # RFC 6265, section 4.1.1: quotes are none of a value
                yield credential.attempt(label, prefix + text, wanted="no success")
    for label, text in _ODD.items():
        yield credential.attempt(label, prefix + text, wanted="no success")
    for label, text in (*_of_other_schemes(credential), *_of_accepted_forms(credential)):
        yield credential.attempt(label, text, wanted="no success")
    if credential.stated:
        yield from _otherwise(credential, spelled(credential))
    for place in _elsewhere(placement, prefix, secret):
        if (place.location, place.name.lower()) not in taken and place.value:
            label = f"the token in the {place.location} {place.name}"
            yield Attempt(label, (place, *credential.others), "", "no success")
    if placement.location == "header":
        both = (placement._replace(value=prefix + _OTHER), placement)
        yield Attempt("two values of a header", (*both, *credential.others), "", "no crash")


def spelled(credential: Credential) -> dict[str, str]:
    """Label → the right token with its scheme written otherwise, where the right one is of a form that is stated."""
    placement, word = credential.filled.placement, credential.prefix.strip()
    form = forms(credential.filled.scheme).get(ACCEPTED)
    if not word or form is None or not matches(form, placement.value):
        return {}
    bare = placement.value.removeprefix(credential.prefix)
    return {"the scheme in lower case": f"{word.lower()} {bare}", "two spaces": f"{word}  {bare}"}


def _nearly(credential: Credential) -> dict[str, str]:
    """Label → the whole value with what is nearly right in it."""
    secret = credential.secret
    user, colon, password = secret.partition(":")
    if not credential.is_basic:
        return {label: credential.prefix + text for label, text in near(secret).items()}
    if not password:  # a key that is sent as the user
        return {label: _written(credential, f"{text}{colon}") for label, text in near(user).items()}
    texts = {label.replace("token", "password"): f"{user}:{text}" for label, text in near(password).items()}
    texts["another user"] = f"counterfoil{user}:{password}"
    texts["a user without a password"] = f"{user}:"
    return {label: _written(credential, text) for label, text in texts.items()}


def _written(credential: Credential, token: str) -> str:
    """The value of the scheme's field with another token in it."""
    if not credential.is_basic:
        return credential.prefix + token
    placement = placed_by(credential.filled.scheme, token)
    return placement.value if placement is not None else token


def _otherwise(credential: Credential, texts: Mapping[str, str]) -> Iterator[Attempt]:
    """The right token, written otherwise: it is let in where its stated form allows that."""
    if credential.is_shared:
        return
    form = forms(credential.filled.scheme).get(ACCEPTED)
    for label, text in texts.items():
        if form is None or not matches(form, text):
            yield credential.attempt(label, text)
        elif credential.stated and matches(form, credential.filled.placement.value):
            yield Attempt(label, credential.attempt(label, text).placements, "", "success")


def _of_other_schemes(credential: Credential) -> Iterator[Text]:
    """The right token after words that no form which is stated begins with."""
    for word in _SCHEMES if credential.accepted and credential.filled.placement.location == "header" else ():
        text = f"{word} {credential.secret}"
        if not any(matches(form, text) for form in credential.accepted):
            yield f"the token after the word {word}", text


def _of_accepted_forms(credential: Credential) -> Iterator[Text]:
    """Tokens of nobody of each form that is stated to be accepted."""
    own, seen = credential.filled.placement.value, set[str]()
    for form in credential.accepted:
        for label, text in pattern_texts.near(form, len(own)):
            is_other = label == "another alternative" or label.startswith(_OPTIONAL)
            plain = " ".join(text.split())
            if is_other and plain.isascii() and credential.secret not in plain and matches(form, plain):
                seen.add(plain)
    yield from ((f"a token of nobody of the form {text[:_SHOWN]}\u2026", text) for text in sorted(seen)[:_MOST_FORMS])


def _odd_basics(credential: Credential) -> Iterator[Attempt]:
    """What is no user and password (RFC 7617, section 2)."""
    for label, text in {
        "a password that is not encoded": credential.secret,
        "what is no base64": "!",
        "a user without a colon": base64.b64encode(b"counterfoil").decode(),
        "bytes that are no text": base64.b64encode(b"\xff\xfe:\xff").decode(),
    }.items():
        yield credential.attempt(label, f"{credential.prefix}{text}", wanted="no success")


def _elsewhere(placement: Placement, prefix: str, secret: str) -> Iterator[Placement]:
    """The right token where the contract has it not."""
    if prefix:
        yield Placement("query", _QUERY, secret)
    elif placement.name.lower() != "authorization":
        yield Placement("header", "Authorization", f"Bearer {secret}")
        for location in ("header", "query", "cookie"):
            if location != placement.location and (location != "cookie" or secret.isalnum()):
                yield Placement(location, placement.name, secret)
        yield Placement("query", _KEY, secret)


def _first_match(known: Mapping[str, str], value: str) -> str:
    """The first reason, or `ACCEPTED`, whose form a value has; empty without."""
    return next((reason for reason, form in known.items() if matches(form, value)), "")


def matches(form: str, value: str) -> bool:
    """Whether a value has a stated form; none where that is no regular expression."""
    try:
        return re.search(form, value) is not None
    except re.error:
        return False
