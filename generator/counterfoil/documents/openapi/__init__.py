"""OpenAPI files, and OpenAPI inside Markdown together with what the page around it says."""
