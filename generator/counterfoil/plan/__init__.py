"""Decide once what templates print: names, types, routes. `Contract` → `Plan`, frozen plain data."""

from dataclasses import dataclass

from counterfoil.contract.contract import Contract
from counterfoil.documents.config import VendorConfig
from counterfoil.plan.assembly import plan_models
from counterfoil.plan.lowering import Options
from counterfoil.plan.models import ModelsPlan

__all__ = ["Plan", "plan"]


@dataclass(frozen=True)
class Plan:
    """Everything that is printed of one vendor."""

    models: ModelsPlan


def plan(contract: Contract, config: VendorConfig) -> Plan:
    """The plan of a contract that has been checked, by the vendor's settings."""
    return Plan(plan_models(contract.tree, Options(formats=config.models.formats)))
