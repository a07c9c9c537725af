"""Where the templates are that belong to counterfoil."""

from pathlib import Path

import counterfoil


def own_templates() -> Path:
    """Their folder: inside the installed package, else in the checkout."""
    package = Path(counterfoil.__file__).parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parents[1] / "templates"
