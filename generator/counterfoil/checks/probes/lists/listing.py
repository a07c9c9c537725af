"""Lists as wholes and in parts."""

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import variables
from counterfoil.checks.probes.lists import defaults, ends, filters, orders, paging

_VARIANTS = (2, 1, 3)
_MANY = 20

NAMES = (*paging.NAMES, *filters.NAMES)


def run_empty(conversation: Conversation) -> None:
    """Ask for the lists of which nothing else would show how they are without any objects."""
    for collection in conversation.existing.collections:
        for lister in Acting(collection, conversation).listers:
            if not lister.wanted and not variables(lister.operation.path):
                lister.ask()


def run(conversation: Conversation) -> None:
    """Ask for the list of each collection as a whole, and then for parts of it."""
    for collection in conversation.existing.collections:
        acting = Acting(collection, conversation)
        _differ(acting)
        for lister in (*acting.listers, *acting.searchers):
            whole = lister.walk(size=lister.largest)
            if whole.pages:
                paging.check(acting, lister, whole)
                ends.check(acting, lister, whole)
                orders.check_making(acting, lister, whole)
                filters.check(acting, lister, whole)
                defaults.check(acting, lister)


def _differ(acting: Acting) -> None:
    """Make objects by which filters and orders show, in none of these orders."""
    if acting.conversation.client.target.is_local and any(
        lister.wanted for lister in (*acting.listers, *acting.searchers)
    ):
        for variant in _VARIANTS:
            acting.make(acting.create_draft(variant=variant))


def run_many(conversation: Conversation) -> None:
    """Ask for lists in parts again where a run has left many objects, and in order now that time has passed."""
    for collection in conversation.existing.collections:
        acting = Acting(collection, conversation)
        for lister in (*acting.listers, *acting.searchers):
            whole = lister.walk(size=lister.largest)
            if len(whole.keys) >= _MANY:
                paging.check(acting, lister, whole)
                defaults.check(acting, lister)
            if whole.pages:
                orders.check_making(acting, lister, whole)
                orders.check_times(acting, lister, whole)
