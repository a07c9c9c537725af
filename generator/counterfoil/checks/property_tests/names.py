"""The names of the checks that schemathesis makes, known without importing it."""

PHASES = ("examples", "coverage", "fuzzing", "stateful")
IGNORED_AUTH = "ignored_auth"
UNSUPPORTED_METHOD = "unsupported_method"
ABOUT_AUTHENTICATION = (IGNORED_AUTH,)
# These take any POST for the making of an object, and any DELETE for its end.
ABOUT_OBJECTS = ("ensure_resource_availability", "use_after_free")
CHECKS = frozenset(
    {
        "allow_header_conformance",
        "content_type_conformance",
        "ensure_resource_availability",
        IGNORED_AUTH,
        "missing_required_header",
        "negative_data_rejection",
        "not_a_server_error",
        "object_level_authorization",
        "positive_data_acceptance",
        "response_headers_conformance",
        "response_schema_conformance",
        "status_code_conformance",
        UNSUPPORTED_METHOD,
        "use_after_free",
    }
)
