"""Stubs within tests; `counterfoil.pytest_plugin` makes a fixture of them."""
