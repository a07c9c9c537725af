"""The answers that an operation declares: that of success, and every other by its status."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from counterfoil.stub.answers.content.declared import Declared
from counterfoil.stub.answers.sampling import Sampler
from counterfoil.stub.call import JSON, Call, Headers, Reply
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node

PRISM_KEYS = ("property1", "property2")  # of maps
RANGES = ("2XX", "3XX", "default", "1XX", "4XX", "5XX")


class Written(Reply[Any]):
    """A reply whose body is in its media type already, so that nothing converts it."""

    __slots__ = ()


class Success:
    """What one operation answers when all is well."""

    def __init__(
        self,
        contract: ContractTree,
        responses: Mapping[str, Any],
        *,
        creates: bool,
        seed: int = 0,
        as_prism: bool = False,
    ) -> None:
        """`responses` is the operation's Responses Object; `creates` whether success means that something is new.

        What is made up depends on `seed`. With `as_prism` status and media type are those that Stoplight Prism chooses.
        """
        self.contract = contract
        self._responses = responses
        self._creates = creates
        self._sampler = Sampler(contract, seed, keys=PRISM_KEYS) if as_prism else Sampler(contract, seed)
        self._as_prism = as_prism
        self._found: dict[str, Declared | None] = {}
        self._drawn = 0

    @cached_property
    def status(self) -> int:
        """The status of success."""
        return self.declared.status

    @cached_property
    def content(self) -> tuple[Headers, Node]:
        """Headers and Media Type Object of success; none where it has no content."""
        contents = self.declared.contents
        return ([contents[0].header], contents[0].media) if contents else ([], NOTHING)

    def example(self, call: Call[Any, Any]) -> Reply[Any]:
        """The contract's example, or a value made from its schema, in the media type that the request wants."""
        content = call.wanted
        if content is None:
            contents = self.declared.contents
            if not contents:
                return Written(self.status)
            content = contents[0]
        return Written(
            self.status, content.varied(self.draw(call)) if call.is_dynamic else content.renewed(), [content.header]
        )

    def reply(self, answer: Any, status: int | None = None) -> Reply[Any]:
        """A model or a JSON value as the answer; None for no body."""
        status = status or self.status
        if answer is None:
            return Reply(status)
        if hasattr(answer, "model_dump_json"):
            return Reply(status, answer.model_dump_json(by_alias=True, exclude_unset=True).encode(), [JSON])
        return Reply.json(status, answer)

    def find(self, code: str) -> Declared | None:
        """The response that the contract declares for a status: exactly, by its range, or by default; else None."""
        if code not in self._found:
            self._found[code] = self._find(code) if len(code) == 3 and code.isdecimal() else None
        return self._found[code]

    def find_named(self, code: str) -> Declared | None:
        """The response that the contract declares for a status itself or for its range."""
        names = {name.upper() for name in self._responses}
        return self.find(code) if names & {code, f"{code[:1]}XX"} else None

    def draw(self, call: Call[Any, Any]) -> str:
        """A seed of values for a request: another one each time, the same ones whenever the stub is started."""
        self._drawn += 1
        return f"{call.method} {call.path}?{call.query_string!r} {self._drawn}"

    def _find(self, code: str) -> Declared | None:
        names = {name.upper(): name for name in self._responses}
        found = next((names[name] for name in (code, f"{code[0]}XX", "DEFAULT") if name in names), None)
        return None if found is None or not 100 <= int(code) <= 599 else self._declare(int(code), found)

    @property
    def is_declared(self) -> bool:
        """Whether any response is declared."""
        return bool(self._responses)

    @cached_property
    def declared(self) -> Declared:
        """The response of success.

        That is the lowest status that begins with 2 or 3, else such a range, else the default, else the lowest of all.
        For Prism's users the default goes before statuses that begin with 3.
        """
        named = sorted(name for name in self._responses if name[:1] in "23" and name.isdecimal())
        listed = {name if name == "default" else name.upper(): name for name in self._responses}
        ranges = [listed[name] for name in RANGES if name in listed]
        errors = sorted(name for name in self._responses if name.isdecimal())
        good = [name for name in ranges if name[:1] in "23d"]
        ranked = sorted([*named, *good], key=lambda name: (name == "default", name[:1], not name.isdecimal()))
        if self._as_prism and "default" in good:
            ranked.sort(key=lambda name: (name[:1] == "3", name == "default"))
        name = next(iter([*ranked, *errors, *ranges]), "")
        if name.isdecimal():
            return self._declare(int(name), name)
        usual = {"3": 302, "1": 100, "4": 400, "5": 500}.get(name[:1], 201 if self._creates else 200)
        return self._declare(usual, name)

    def _declare(self, status: int, name: str) -> Declared:
        node = self.contract.follow(self._responses.get(name))[0]
        return Declared(self.contract, self._sampler, status, node, as_prism=self._as_prism)
