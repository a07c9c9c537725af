"""Plan × templates → files."""

from counterfoil.emit.models import render_models
from counterfoil.emit.templates import Templates
from counterfoil.plan import Plan


def render(plan: Plan, templates: Templates) -> dict[str, str]:
    """Relative path → unformatted text, of everything that templates print for one vendor."""
    return {
        **render_models(plan.models, templates),
        "stub.py": templates.render("stub/stub.py.jinja", stub=plan.stub),
        "README.md": templates.render("vendor/README.md.jinja", readme=plan.readme),
    }
