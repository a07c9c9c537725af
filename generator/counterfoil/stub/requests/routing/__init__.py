"""Which operation a path means, below the base paths of servers."""
