"""Times that are wrong, or of another form than before."""

from datetime import datetime, timedelta, timezone

from tests.faults.altering import Change, Message, Serve
from tests.faults.catalogue.echo import DEFINITIONS, METRICS, NEW, ORDERS, VALUES
from tests.faults.faulty import Fault
from tests.faults.operators.answers import delay, edit, set_response
from tests.faults.operators.conditions import after, at, every_nth, when

CREATED = "/data/merchantMetric/createTime"


def moved(text: str, **units: float) -> str:
    """A time so much later, in the same form."""
    later = datetime.fromisoformat(text) + timedelta(**units)
    return later.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local(text: str) -> str:
    """The wall clock of another zone, which is called UTC."""
    return moved(text, hours=2)


def freeze_time(pointer: str) -> Change:
    """The time at which the server was built."""
    return set_response(pointer, "2024-02-29T12:00:00.000Z")


def swapped(first: str, second: str) -> Change:
    """Times in each other's place, a second apart."""

    async def altered(request: Message, serve: Serve) -> Message:
        found = await serve(request)
        found.edit(second, lambda value: moved(value, seconds=-1))
        return found

    return altered


FAULTS = [
    Fault("created without zone", "cuoral", at(DEFINITIONS, edit("/time_created", lambda text: text.rstrip("Z")))),
    Fault("created with a space", "orders", at(ORDERS, edit("/created_at", lambda text: text.replace("T", " ")))),
    Fault(
        "created as Unix time",
        "meteroid",
        at(METRICS, edit("/created_at", lambda text: int(datetime.fromisoformat(text).timestamp()))),
    ),
    Fault("created as a date", "orders", at(ORDERS, edit("/created_at", lambda text: text[:10]))),
    Fault("created in words", "cuoral", at(DEFINITIONS, set_response("/time_created", "27 November 2025"))),
    Fault("local time as UTC", "cuoral", at(DEFINITIONS, edit("/time_created", local), edit("/time_updated", local))),
    Fault("local time as UTC", "meteroid", at(METRICS, edit("/created_at", local))),
    Fault(
        "created tomorrow",
        "orders",
        at(
            ORDERS,
            edit("/created_at", lambda text: moved(text, days=1)),
            edit("/updated_at", lambda text: moved(text, days=1)),
        ),
    ),
    Fault("created in the future", "unibee", at(NEW, edit(CREATED, lambda value: value + 7200))),
    Fault("created in milliseconds", "unibee", at(NEW, edit(CREATED, lambda value: value * 1000))),
    Fault("created never", "unibee", at(NEW, set_response(CREATED, 0))),
    Fault("created before the epoch", "unibee", at(NEW, edit(CREATED, lambda value: -value))),
    Fault(
        "created at build time", "cuoral", at(DEFINITIONS, freeze_time("/time_created"), freeze_time("/time_updated"))
    ),
    Fault("created at build time", "meteroid", at(METRICS, freeze_time("/created_at"))),
    Fault(
        "values created at build time", "cuoral", at(VALUES, freeze_time("/time_created"), freeze_time("/time_updated"))
    ),
    Fault("updated before created", "cuoral", at(DEFINITIONS, swapped("/time_created", "/time_updated"))),
    Fault("updated before created", "orders", at(ORDERS, swapped("/created_at", "/updated_at"))),
    Fault("updated at the zero of Go", "orders", at(ORDERS, set_response("/updated_at", "0001-01-01T00:00:00Z"))),
    Fault("updated null", "cuoral", at(DEFINITIONS, set_response("/time_updated", None))),
    Fault("seconds only", "meteroid", at(METRICS, edit("/created_at", lambda text: text.partition(".")[0] + "Z"))),
    Fault("microseconds", "meteroid", at(METRICS, edit("/created_at", lambda text: text.rstrip("Z") + "123Z"))),
    Fault(
        "fractions now and then",
        "orders",
        at(
            ORDERS,
            every_nth(
                4, edit("/created_at", lambda text: text[:19] + "Z"), edit("/updated_at", lambda text: text[:19] + "Z")
            ),
        ),
    ),
    Fault(
        "zones now and then",
        "cuoral",
        at(
            DEFINITIONS,
            every_nth(
                4,
                edit(
                    "/time_created",
                    lambda text: datetime.fromisoformat(text).astimezone(timezone(timedelta(hours=1))).isoformat(),
                ),
            ),
        ),
    ),
    Fault(
        "created changes with an update",
        "orders",
        at(
            "PATCH /v1/orders/{id}",
            edit("/created_at", lambda text: moved(text, seconds=5)),
            edit("/updated_at", lambda text: moved(text, seconds=5)),
        ),
    ),
    Fault(
        "created otherwise when read",
        "orders",
        at("GET /v1/orders/{id}", edit("/created_at", lambda text: moved(text, seconds=-30))),
    ),
    Fault(
        "created otherwise when read",
        "unibee",
        at("POST /merchant/metric/detail", edit(CREATED, lambda value: value + 1)),
    ),
    Fault(
        "the clock goes back",
        "cuoral",
        at(
            DEFINITIONS,
            after(
                3,
                edit("/time_created", lambda text: moved(text, hours=-1)),
                edit("/time_updated", lambda text: moved(text, hours=-1)),
            ),
        ),
    ),
    Fault("February of thirty days", "orders", at(ORDERS, set_response("/created_at", "2026-02-30T10:00:00Z"))),
    Fault("slow list", "orders", at("GET /v1/orders", every_nth(10, delay(2)))),
    Fault(
        "slow for long names",
        "cuoral",
        at(DEFINITIONS, when("/name", lambda name: isinstance(name, str) and len(name) > 500, delay(6))),
    ),
    Fault("slow now and then", "unleash", at("POST /api/admin/impact-metrics/register", every_nth(25, delay(2)))),
    Fault(
        "slow for large arrays",
        "meteroid",
        at(METRICS, when("/segmentation_matrix/values", lambda values: len(values) > 100, delay(2))),
    ),
]
