"""What the operations of a contract do with what a stub remembers."""
