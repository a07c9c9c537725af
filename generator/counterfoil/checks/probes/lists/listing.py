"""Lists as wholes and in parts."""

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import variables
from counterfoil.checks.probes.lists import filters, paging

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
        for lister in acting.listers:
            whole = lister.walk(size=lister.largest)
            if whole.pages:
                paging.check(acting, lister, whole)
                filters.check(acting, lister, whole)
