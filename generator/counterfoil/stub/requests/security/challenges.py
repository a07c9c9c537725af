"""What a 401 asks for: the challenges of WWW-Authenticate (RFC 9110, section 11.6.1)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from counterfoil.stub.contract_tree import ContractTree, Node

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def challenges(contract: ContractTree, requirements: Iterable[Mapping[str, Any]], error: str | None) -> str | None:
    """A template of the header for security requirements, None where no scheme has a challenge.

    `error` is what Bearer tells (RFC 6750, section 3.1) where credentials were sent and are not accepted.
    """
    title = str((contract.tree.get("info") or {}).get("title") or "API")
    realm = _quoted(title.encode("ascii", "replace").decode())
    found = []
    for requirement in requirements:
        for name, scopes in requirement.items():
            scheme = contract.at("components", "securitySchemes", name)[0]
            challenge = _challenge(scheme, realm, [str(scope) for scope in scopes or ()], error)
            if challenge and challenge not in found:
                found.append(challenge)
    return ", ".join(found) or None


def _challenge(scheme: Node, realm: str, scopes: list[str], error: str | None) -> str | None:
    kind = str(scheme.get("type"))
    if kind == "mutualTLS":
        return None
    if kind == "apiKey":
        return f"ApiKey realm={realm}, in={_quoted(str(scheme.get('in')))}, name={_quoted(str(scheme.get('name')))}"
    stated = str(scheme.get("scheme") or "Bearer")
    match stated.lower():
        case "basic":
            return f'Basic realm={realm}, charset="UTF-8"'
        case "digest":
            return f'Digest realm={realm}, qop="auth", algorithm=SHA-256, nonce="{{hex-32}}"'
        case "bearer":
            scope = f", scope={_quoted(' '.join(scopes))}" if scopes and kind != "http" else ""
            return f"Bearer realm={realm}{scope}" + (f', error="{error}"' if error else "")
    return f"{stated} realm={realm}" if _TOKEN.fullmatch(stated) else None


def _quoted(text: str) -> str:
    """A quoted string (RFC 9110, section 5.6.4) within a template."""
    escaped = re.sub(r'(["\\])', r"\\\1", re.sub(r"[^ -~]", " ", text))
    return '"' + escaped.replace("{", "{{").replace("}", "}}") + '"'
