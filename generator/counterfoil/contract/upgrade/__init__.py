"""Documents of other versions in OpenAPI 3.1."""
