"""Requests that ask for behaviour which no schema describes: credentials, routes, what was created before."""
