"""Options of the test suite, and the environment that it runs in."""

import os

import pytest

# What changes the ways that requests go, where reports are written, and how they look; tests that want some set it.
UNWANTED = frozenset(
    {
        "http_proxy", "https_proxy", "all_proxy", "no_proxy", "requests_ca_bundle", "curl_ca_bundle",
        "github_step_summary", "github_workspace", "force_color", "no_color", "columns",
    }
)  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-cases", action="store_true", help="write what the cases expect anew; read the diff")


def pytest_configure() -> None:
    """Leave out of the environment what belongs to the machine of whoever runs the tests."""
    for name in list(os.environ):
        if name.lower() in UNWANTED or name.startswith("COUNTERFOIL_"):
            del os.environ[name]
