"""Servers that are careless about credentials."""

from collections.abc import Awaitable, Callable

from tests.faults.altering import Change, Message, Serve

_NAMES = ("authorization", "x-api-key")
_REFUSED = frozenset({401, 403})


def accept_credentials(careless: Callable[[str, str], bool]) -> Change:
    """Accept credentials where `careless(given, right)`: the value that came, empty without, and that of all before."""

    async def altered(request: Message, serve: Serve) -> Message:
        name = next((name for name in _NAMES if name in request.headers), _NAMES[0])
        given = request.headers.get(name, "")
        again = request.copy()
        found = await serve(request)
        known: tuple[str, str] | None = request.memory.get("credentials")
        if known and given != known[1] and _refused(found) and careless(given, known[1]):
            again.headers.pop(name, None)
            again.headers[known[0]] = known[1]
            return await serve(again)
        if found.succeeded and given and known is None:
            request.memory["credentials"] = (name, given)
        return found

    return altered


def let_in(who: Callable[[Message, str], object]) -> Change:
    """Take who is so, by the request and the right credentials of all before, for somebody with these."""

    async def altered(request: Message, serve: Serve) -> Message:
        known: tuple[str, str] | None = request.memory.get("credentials")
        given = [(name, request.headers[name]) for name in _NAMES if name in request.headers]
        if known and known not in given and who(request, known[1]):
            request.headers = {**{name: request.headers[name] for name in request.headers if name not in _NAMES}}
            request.headers[known[0]] = known[1]
        found = await serve(request)
        if found.succeeded and given and known is None:
            request.memory["credentials"] = given[0]
        return found

    return altered


def look_for_objects_first(request: Message, serve: Serve) -> Awaitable[Message]:
    """What is not there is not there for anybody."""

    async def asked() -> Message:
        known: tuple[str, str] | None = request.memory.get("credentials")
        again = request.copy()
        found = await serve(request)
        if known and found.status == 401:
            again.headers[known[0]] = known[1]
            right = await serve(again)
            return right if right.status == 404 else found
        if found.succeeded and _NAMES[0] in again.headers:
            request.memory["credentials"] = (_NAMES[0], again.headers[_NAMES[0]])
        return found

    return asked()


def _refused(answer: Message) -> bool:
    """Whether credentials were refused, be it in the envelope of a success."""
    return answer.status in _REFUSED or (answer.status == 200 and answer.read("/code") == 61)


def anybody(given: str, right: str) -> bool:
    """Nothing is looked at."""
    return True


def any_token(given: str, right: str) -> bool:
    """There must be something, of the same scheme."""
    return _token(given) != "" and given.count(" ") == right.count(" ")


def same_start(given: str, right: str) -> bool:
    """Only as much is compared as was given, or as is short."""
    token = _token(given)
    return token != "" and (_token(right).startswith(token) or token.startswith(_token(right)))


def same_end(given: str, right: str) -> bool:
    """Only the second half is compared."""
    half = len(_token(right)) // 2
    return _token(given)[half:] == _token(right)[half:]


def same_ends(given: str, right: str) -> bool:
    """Only the first characters and the last ones are compared."""
    return (_token(given)[:4], _token(given)[-4:]) == (_token(right)[:4], _token(right)[-4:])


def cut_off(given: str, right: str) -> bool:
    """What is longer than the token is cut off."""
    return given.startswith(right)


def other_case(given: str, right: str) -> bool:
    """Upper and lower case are the same."""
    return given.lower() == right.lower()


def scheme_left_out(given: str, right: str) -> bool:
    """The scheme may be there or not."""
    return given == _token(right)


def scheme_in_lower_case(given: str, right: str) -> bool:
    """The scheme may be written otherwise."""
    return given.lower().startswith("bearer ") and _token(given) == _token(right)


def contained(given: str, right: str) -> bool:
    """The token is somewhere in what is given."""
    return _token(right) in given and " " not in given.removeprefix("Bearer ")


def without_separators(given: str, right: str) -> bool:
    """Only letters and digits are compared."""
    return "".join(filter(str.isalnum, given)) == "".join(filter(str.isalnum, right))


def empty_value(given: str, right: str) -> bool:
    """An empty text is in every text."""
    return _token(given) == ""


def other_scheme(given: str, right: str) -> bool:
    """The scheme is not looked at."""
    return _token(given) == _token(right)


def same_length(given: str, right: str) -> bool:
    """Only the length is compared."""
    return len(given) == len(right)


def _token(value: str) -> str:
    return value.rpartition(" ")[2] if value.lower() not in ("bearer", "basic") else ""


def the_token(request: Message) -> str:
    """What a request has for credentials, without the scheme."""
    return next((_token(request.headers[name]) for name in _NAMES if name in request.headers), "none")


def behind_a_word(given: str, right: str) -> bool:
    """The token behind whatever word."""
    return given.partition(" ")[2] == right


def before_a_slash(given: str, right: str) -> bool:
    """What a token has before its slash."""
    return "/" in right and given == right.rpartition("/")[0]


def of_users(given: str, right: str) -> bool:
    """Whoever says to be a user."""
    return given.startswith("user:")
