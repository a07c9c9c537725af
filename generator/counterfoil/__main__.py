"""`python -m counterfoil`, for where scripts are not on the path."""

from counterfoil.cli import main

if __name__ == "__main__":
    main(prog_name="counterfoil")
