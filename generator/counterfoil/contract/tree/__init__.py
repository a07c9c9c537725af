"""A contract on the way as a tree: what it is made of, and how it is changed together with its evidence."""
