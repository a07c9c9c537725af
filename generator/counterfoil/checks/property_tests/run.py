"""Generated requests, valid and invalid, by schemathesis, and what its checks say of the answers."""

import time
from collections.abc import Collection, Mapping
from typing import Any

from schemathesis import engine
from schemathesis.engine.run.probes import PROBES

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.property_tests.collecting import Collector
from counterfoil.checks.property_tests.hooks import final_answers, own_way, paced, refreshing, whole_texts
from counterfoil.checks.property_tests.loading import load
from counterfoil.checks.property_tests.storage import user_cache
from counterfoil.checks.settings import Settings
from counterfoil.checks.wire.target import Target


@user_cache()
def run(
    contract: Mapping[str, Any],
    conversation: Conversation,
    target: Target,
    settings: Settings,
    climbed: Collection[str] = (),
) -> None:
    """Test every operation of a conversation, keep the exchanges in it and note the findings in its report.

    What schemathesis enumerates from schemas, and its requests by other methods, are left out of the operations whose
    labels are `climbed`: the ladder and the probes have sent all that. What it makes up at random is not. The same seed
    gives the same requests to a server that answers in the same way.
    """
    report, patience = conversation.report, conversation.patience
    operations = [each for each in conversation.operations if not patience.is_over(each.label)]
    schema = load(contract, operations, target, conversation.client, settings, climbed)
    known = {operation.label: operation for operation in operations}
    collector = Collector(known, target, conversation)
    deadline = time.monotonic() + settings.seconds
    pace = conversation.client.pace
    if pace is not None and target.app is None:
        for _ in PROBES:  # what schemathesis asks before all others, where no hook sees it
            pace.take()
    client = conversation.client
    with refreshing(known, conversation.unique), whole_texts(), final_answers(), own_way(), paced(client):
        stream = engine.from_schema(schema).execute()
        for event in stream:
            collector.take(event)
            if pace is not None and pace.spent and not stream.stop_event.is_set():
                report.skip("schemathesis", "", f"the rest: {pace.spent}")
                stream.stop()
            if time.monotonic() > deadline and not stream.stop_event.is_set():
                report.skip("schemathesis", "", f"the rest, after {settings.seconds:.0f} seconds")
                stream.stop()
