"""Markdown pages with tables of fields and JSON samples."""
