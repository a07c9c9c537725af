"""Decide once what templates print: names, types, routes. `Contract` → `Plan`, frozen plain data."""

from dataclasses import dataclass

from counterfoil.contract.contract import Contract
from counterfoil.documents.config import VendorConfig
from counterfoil.plan.assembly import plan_models
from counterfoil.plan.lowering import Options
from counterfoil.plan.models import ModelsPlan
from counterfoil.plan.stub import StubPlan, plan_stub

__all__ = ["Plan", "plan"]


@dataclass(frozen=True)
class Plan:
    """Everything that is printed of one vendor."""

    models: ModelsPlan
    stub: StubPlan


def plan(contract: Contract, config: VendorConfig) -> Plan:
    """The plan of a contract that has been checked, by the vendor's settings."""
    models = plan_models(contract.tree, Options(formats=config.models.formats))
    return Plan(models, plan_stub(models))
