"""Read: the text of a published page → `Document`, a raw OpenAPI tree with the source line of every node."""
