"""The commands, one a module, and none imports what it needs before it runs."""
