"""From documents to one canonical OpenAPI 3.1 contract: canonicalise → merge → amend → check."""
