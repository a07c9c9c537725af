"""Decide once what templates print: names, types, routes. `Contract` → `Plan`, frozen plain data."""

from dataclasses import dataclass

from counterfoil.contract.contract import Contract
from counterfoil.documents.config import VendorConfig
from counterfoil.plan.assembly import plan_models
from counterfoil.plan.models import ModelsPlan
from counterfoil.plan.readme import ReadmePlan, plan_readme
from counterfoil.plan.stub import StubPlan, plan_stub
from counterfoil.plan.types.drafts import Options

__all__ = ["Plan", "plan"]


@dataclass(frozen=True)
class Plan:
    """Everything that is printed of one vendor."""

    models: ModelsPlan
    stub: StubPlan
    readme: ReadmePlan


def plan(contract: Contract, package: str, config: VendorConfig) -> Plan:
    """The plan of a contract that has been checked, for the Python package `package`, by the vendor's settings."""
    models = plan_models(contract.tree, Options(**config.models.model_dump()))
    stub = plan_stub(models, contract.tree)
    return Plan(models, stub, plan_readme(contract, stub, package))
