"""The operations of a stub, and how requests find them; those without handlers are shared by stubs that are alike."""

from typing import Self

from counterfoil.stub.answers.outside import Outside
from counterfoil.stub.endpoint import Endpoint, Settings
from counterfoil.stub.requests.routing.routes import Routes

_MOST = 8  # settings of one contract


class Endpoints:
    """The operations of the contract of `settings`, each compiled when it is first called.

    `paths` has them by path template and method, `routes` by the paths that they are called at; `outside` answers what
    fits none of them.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.outside = Outside(settings)
        self.routes = Routes(as_prism=settings.like_prism)
        self.paths: dict[str, dict[str, Endpoint]] = {}
        for method, path, _, _ in settings.contract.operations():
            endpoint = Endpoint(settings, method, path)
            self.paths.setdefault(path, {})[method] = endpoint
            self.routes.add(endpoint)

    @classmethod
    def shared(cls, settings: Settings) -> Self:
        """Those without handlers of one's own, not to be given any."""
        known = settings.contract.remembered(settings.contract.tree, "endpoints", list[Self])
        found = next((each for each in known if each.settings == settings), None)
        if found is None:
            found = cls(settings)
            known[:] = [*known[1 - _MOST :], found]
        return found

    def with_settings(self, settings: Settings) -> Self:
        """The same operations with the same handlers, and nobody else's."""
        other = type(self)(settings)
        for path, endpoints in self.paths.items():
            for method, endpoint in endpoints.items():
                other.paths[path][method].handle(endpoint.handler)
        return other
