"""What the contract states to be left out where it would be null (`x-counterfoil.nulls: omit`)."""

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.semantics.values import forms
from counterfoil.checks.semantics.values.telling import Telling
from counterfoil.stub.contract_tree import extension


class Omitted:
    """Looks for null in objects, where that is stated to be left out."""

    names = (forms.NAME,)

    def see(self, telling: Telling, report: Report) -> None:
        """Note a property that is null and need not be there."""
        operation = telling.operation
        is_stated = operation.remembered(
            (forms.NAME, "nulls"), lambda: extension("nulls", operation.tree, operation.contract) == "omit"
        )
        for told in telling.objects if is_stated else ():
            name = next((name for name, value in told.value.items() if value is None), None)
            if name is None or name not in telling.properties:
                continue
            required = operation.schemas.required(telling.role.shape)
            if name not in required:
                summary = f"{telling.place(name)} is null, which is stated to be left out"
                report.add(telling.exchange, forms.NAME, summary, "nothing", "null", telling.pointer)

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""
