"""YAML and JSON, as documents and as samples of a page, with the place of every node."""
