"""Texts that hardly are of a format, and texts that are not (JSON Schema Validation, 7.3).

What is not quite of a format but is read by widespread parsers as what it means is among neither, such as a UUID
without hyphens: no user holds it against a server.
"""

from collections.abc import Mapping

FORMATS: Mapping[str, Mapping[str, str]] = {
    "date-time": {
        "an offset": "2024-02-29T23:59:59+05:30",
        "fractions of a second": "2024-01-31T12:00:00.123456Z",
        "nanoseconds": "2024-01-31T12:00:00.123456789Z",
        "long ago": "1900-01-01T00:00:00Z",
        "the beginning of time": "1970-01-01T00:00:00Z",
        "far ahead": "9999-12-31T23:59:59Z",
        "a leap day that is none": "2023-02-29T12:00:00Z",
        "hour 25": "2024-01-31T25:00:00Z",
        "month 13": "2024-13-01T12:00:00Z",
    },
    "date": {
        "a leap day": "2024-02-29",
        "the last day of a year": "2024-12-31",
        "long ago": "1900-01-01",
        "before 1900": "1899-12-31",
        "the first year": "0001-01-01",
        "the beginning of time": "1970-01-01",
        "far ahead": "9999-12-31",
        "a leap day that is none": "2023-02-29",
        "other order": "31.01.2024",
        "a time of that day": "2024-01-31T12:30:00Z",
        "day 31 of 30": "2024-04-31",
        "month 13": "2024-13-01",
    },
    "time": {
        "fractions of a second": "12:00:00.5Z",
        "an offset": "23:59:59-08:00",
        "hour 25": "25:00:00Z",
        "minute 60": "12:60:00Z",
    },
    "duration": {
        "all there is": "P1Y2M3DT4H5M6S",
        "weeks": "P2W",
        "hours": "PT36H",
        "nothing": "P",
        "no P": "1D",
    },
    "uuid": {
        "upper case": "3F0B8A52-6D0E-4C55-9D6B-5B7C0A9F1E21",
        "zeros": "00000000-0000-0000-0000-000000000000",
        "one digit short": "3f0b8a52-6d0e-4c55-9d6b-5b7c0a9f1e2",
        "one digit more": "3f0b8a52-6d0e-4c55-9d6b-5b7c0a9f1e211",
        "another letter": "3f0b8a52-6d0e-4c55-9d6b-5b7c0a9f1e2g",
    },
    "email": {
        "a plus": "some.one+tag@example.com",
        "upper case": "Some.One@example.com",
        "an apostrophe": "o'neill@example.com",
        "digits and hyphens": "1-a_b@a-1.example.org",
        "no at": "someone.example.com",
        "two ats": "a@b@example.com",
        "nobody": "@example.com",
        "no host": "someone@",
        "a space": "some one@example.com",
    },
    "uri": {
        "a query": "https://example.com/a?b=c#d",
        "no path": "https://example.com",
        "upper case": "https://example.com/A/B%2Fc",
        "a port": "http://example.com:8080/",
        "many characters": "https://example.com/" + "a" * 500,
        "a URN": "urn:example:a",
        "no scheme": "example.com/a",
        "a path": "/a/b",
        "a space": "https://exa mple.com/",
        "no text": "://",
    },
    "uri-reference": {
        "a path": "/a/b?c=d",
        "a fragment": "#a",
        "a URI": "https://example.com/a",
    },
    "hostname": {
        "digits": "a1.example",
        "upper case": "Example.COM",
        "one label": "localhost",
        "two dots": "a..example",
        "a long label": "a" * 64 + ".example",
        "a port": "example.com:80",
    },
    "ipv4": {
        "a network": "192.0.2.0",
        "the highest": "255.255.255.255",
        "256": "192.0.2.256",
        "three parts": "192.0.2",
        "five parts": "192.0.2.1.1",
        "a prefix length": "192.0.2.0/24",
        "version 6": "::1",
    },
    "ipv6": {
        "short": "::1",
        "in full": "2001:db8:0:0:0:0:0:1",
        "upper case": "2001:DB8::A",
        "version 4 within": "::ffff:192.0.2.1",
        "two gaps": "1::2::3",
        "seven parts": "1:2:3:4:5:6:7",
        "five digits": "::12345",
        "version 4": "192.0.2.1",
    },
    "json-pointer": {"nothing": "", "escapes": "/a~0~1b/0", "no slash": "a/b", "a tilde": "/a~2"},
    "regex": {"a class": "^[a-z]+$", "an open group": "(a", "an open class": "[a"},
}
# Formats of the same texts and more.
ALSO: Mapping[str, str] = {
    "idn-email": "email",
    "iri": "uri",
    "iri-reference": "uri-reference",
    "idn-hostname": "hostname",
}


# Texts of formats that hardly anybody asserts.
SOUND: Mapping[str, Mapping[str, str]] = {
    "byte": {"padding": "/+8BAg==", "one letter of padding": "gP8AfwE="},
    "binary": {"line ends": "a\r\nb\n", "characters of many bytes": "\u00e9\U0001f9fe"},
    "password": {"spaces around": " pass word ", "other letters": "P\u00e4\u00dfw\u00f6rt \U0001f9fe %41+&"},
}


def of_format(name: str) -> Mapping[str, str]:
    """Texts for a format, by what is peculiar to each; none for a format that nobody asserts."""
    return FORMATS.get(ALSO.get(name, name), {})
