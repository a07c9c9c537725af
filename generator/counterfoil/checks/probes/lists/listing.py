"""Lists as wholes and in parts."""

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.probes.lists import filters, paging

NAMES = (*paging.NAMES, *filters.NAMES)


def run(conversation: Conversation) -> None:
    """Ask for the list of each collection as a whole, and then for parts of it."""
    for collection in conversation.existing.collections:
        acting = Acting(collection, conversation)
        for lister in acting.listers:
            whole = lister.walk(size=lister.largest)
            if whole.pages:
                paging.check(acting, lister, whole)
                filters.check(acting, lister, whole)
