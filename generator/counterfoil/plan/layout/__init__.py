"""Which definitions there are in the end, in which modules and order, and which of them operations read and write."""
