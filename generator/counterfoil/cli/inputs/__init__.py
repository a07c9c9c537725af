"""Finding what the arguments of commands name."""
