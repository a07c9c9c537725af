"""Statuses that a contract does not mention.

OpenAPI 3.1 (4.8.16) expects a contract to cover the operation's success and its known errors, not every status that
HTTP may answer with. Pages leave out most of what HTTP itself says of a request, and many tell of no error at all; some
leave out the success, too.
"""

from counterfoil.checks.operation import Operation

NAME = "status_code_conformance"
_NO_ERRORS = "the contract leaves out client errors; those that it does not mention are not held against the server"
_NO_SUCCESS = "the contract documents no success; one that it does not mention is not held against the server"
# RFC 9110, 15.5, RFC 6585: about methods, formats and limits, whatever the operation.
_GENERAL = frozenset({405, 406, 408, 411, 413, 414, 415, 429, 431})
_CREDENTIALS = frozenset({401, 403})
_INVALID = frozenset({400, 422})
_NOT_FOUND = 404
_OF_ANY = frozenset(map(str, _GENERAL | _CREDENTIALS | {_NOT_FOUND}))


def tolerable(operation: Operation, status: int) -> bool:
    """Whether `status`, which the contract of `operation` does not document, does not break that contract.

    Those do not that `tolerable_error` names, and a success where the contract tells of none, nor of a redirect.
    """
    if 200 <= status < 300:
        return not any(key.startswith(("2", "3")) for key in operation.responses)
    return tolerable_error(operation, status)


def tolerable_error(operation: Operation, status: int) -> bool:
    """Whether `status`, which the contract of `operation` does not document, is a client error that it leaves out.

    Those are left out that have nothing to do with the operation, refused credentials where the contract tells of none,
    a missing object where the path names one, and a refused request where the contract tells of no such thing. What the
    contract tells of elsewhere, such as conflicts, it does not leave out.
    """
    if not 400 <= status < 500:
        return False
    documented = {key for key in operation.responses if key.startswith("4")}
    for family in (_CREDENTIALS, _INVALID):
        if status in family:
            return documented.isdisjoint(map(str, family))
    if status == _NOT_FOUND:
        return "{" in operation.path or not documented
    if status in _GENERAL or not documented:
        return True
    return documented <= _OF_ANY and not _is_told_elsewhere(operation, status)


def _is_told_elsewhere(operation: Operation, status: int) -> bool:
    """Whether another operation documents a status."""
    return any(str(status) in tree.get("responses", {}) for _, _, tree, _ in operation.schemas.operations())


def reason(status: int) -> str:
    """Why a status that is tolerable is so, in words."""
    return _NO_SUCCESS if status < 300 else _NO_ERRORS
