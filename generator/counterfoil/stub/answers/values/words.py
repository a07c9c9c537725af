"""Plausible values told by what a property is called."""

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

Make = Callable[[Random], Any]

WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

FIRST = ("Ada", "Grace", "Linus", "Mina", "Noor", "Ravi", "Sofia", "Tomas", "Yuki", "Zoe")
LAST = ("Berg", "Costa", "Diaz", "Haddad", "Ivanova", "Kim", "Moreau", "Okafor", "Rossi", "Tanaka")
COMPANIES = ("Acme", "Globex", "Initech", "Northwind", "Umbra Foods", "Vega Labs")
PLACES = (
    ("Berlin", "Berlin", "10115", "DE", "Germany", "Europe/Berlin", "de-DE", "EUR", 52.52, 13.405),
    ("Lisbon", "Lisboa", "1100-148", "PT", "Portugal", "Europe/Lisbon", "pt-PT", "EUR", 38.722, -9.139),
    ("Nairobi", "Nairobi", "00100", "KE", "Kenya", "Africa/Nairobi", "en-KE", "KES", -1.286, 36.817),
    ("Osaka", "Osaka", "530-0001", "JP", "Japan", "Asia/Tokyo", "ja-JP", "JPY", 34.694, 135.502),
    ("Portland", "OR", "97201", "US", "United States", "America/Los_Angeles", "en-US", "USD", 45.515, -122.678),
)
STREETS = ("1 Harbour Street", "12 Mill Lane", "48 Station Road", "7 Garden Row")
THINGS = ("Basic", "Blue kettle", "Field notes", "Standard", "Team plan", "Winter coat")
SENTENCES = (
    "Made for everyday use.",
    "Nothing out of the ordinary.",
    "Please see the notes below.",
    "Ready when you are.",
)
LETTERS = "abcdefghijkmnpqrstuvwxyz0123456789"


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, however they are joined, in lower case: `createdAt` is created, at."""
    return tuple(word.lower() for word in WORDS.findall(name))


def text(name: str, random: Random) -> str | None:
    """A text for a property of this name; None where the name says nothing."""
    told = _told(TEXTS, words_of(name), random)
    return None if told is None else str(told)


def number(name: str, random: Random) -> int | float | None:
    """A number for a property of this name; None where the name says nothing."""
    told: int | float | None = _told(NUMBERS, words_of(name), random)
    return told


def token(random: Random, size: int = 12) -> str:
    """Letters and digits as ids have them."""
    return "".join(random.choices(LETTERS, k=size))


def _told(table: Mapping[str, Make], words: tuple[str, ...], random: Random) -> Any:
    """By the last two words, else the last: what a thing is stands at the end of its name."""
    for key in ("".join(words[-2:]), *words[-1:]):
        make = table.get(key) or table.get(key.removesuffix("s"))
        if make is not None:
            return make(random)
    return None


def _place(index: int) -> Make:
    return lambda random: random.choice(PLACES)[index]


def _one(options: tuple[Any, ...]) -> Make:
    return lambda random: random.choice(options)


def _within(low: int, high: int) -> Make:
    return lambda random: random.randint(low, high)


def _person(random: Random) -> str:
    return f"{random.choice(FIRST)} {random.choice(LAST)}"


def email(random: Random) -> str:
    """An address at a domain that is kept for examples (RFC 2606)."""
    return f"{random.choice(FIRST)}.{random.choice(LAST)}@example.com".lower()


def url(random: Random) -> str:
    """An address at a host that is kept for examples (RFC 2606)."""
    return f"https://example.com/{token(random, 6)}"


def moment(random: Random) -> str:
    """An RFC 3339 date-time in UTC."""
    return f"{day(random)}T{time(random)}"


def day(random: Random) -> str:
    """An ISO 8601 date."""
    return f"2025-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def time(random: Random) -> str:
    """An RFC 3339 time in UTC."""
    return f"{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}Z"


TEXTS: Mapping[str, Make] = {
    "id": lambda random: token(random),
    "uid": lambda random: token(random),
    "key": lambda random: token(random, 20),
    # Other texts than anything else is, so that one sees where a secret comes from.
    "token": lambda random: f"token{token(random, 27)}",
    "secret": lambda random: f"secret{token(random, 26)}",
    "password": lambda random: f"password{token(random, 8)}",
    **dict.fromkeys(
        ("apikey", "secretkey", "accesskey", "privatekey", "signingkey", "encryptionkey", "authkey"),
        lambda random: f"secret{token(random, 14)}",
    ),
    "hash": lambda random: "".join(random.choices("0123456789abcdef", k=40)),
    "sha": lambda random: "".join(random.choices("0123456789abcdef", k=40)),
    "email": email,
    "emailaddress": email,
    "name": _one(THINGS),
    "title": _one(THINGS),
    "label": _one(THINGS),
    "firstname": _one(FIRST),
    "givenname": _one(FIRST),
    "lastname": _one(LAST),
    "surname": _one(LAST),
    "familyname": _one(LAST),
    "fullname": _person,
    "displayname": _person,
    "username": lambda random: random.choice(FIRST).lower(),
    "login": lambda random: random.choice(FIRST).lower(),
    "nickname": lambda random: random.choice(FIRST).lower(),
    "author": _person,
    "owner": _person,
    "company": _one(COMPANIES),
    "companyname": _one(COMPANIES),
    "organization": _one(COMPANIES),
    "organisation": _one(COMPANIES),
    "phone": lambda random: f"+1202555{random.randint(100, 199):04}",
    "phonenumber": lambda random: f"+1202555{random.randint(100, 199):04}",
    "mobile": lambda random: f"+1202555{random.randint(100, 199):04}",
    "city": _place(0),
    "region": _place(1),
    "state": _place(1),
    "province": _place(1),
    "zip": _place(2),
    "zipcode": _place(2),
    "postcode": _place(2),
    "postalcode": _place(2),
    "countrycode": _place(3),
    "country": _place(3),
    "countryname": _place(4),
    "timezone": _place(5),
    "zoneinfo": _place(5),
    "locale": _place(6),
    "language": lambda random: _place(6)(random)[:2],
    "languagecode": lambda random: _place(6)(random)[:2],
    "currency": _place(7),
    "currencycode": _place(7),
    "street": _one(STREETS),
    "address": _one(STREETS),
    "line1": _one(STREETS),
    "description": _one(SENTENCES),
    "summary": _one(SENTENCES),
    "message": _one(SENTENCES),
    "comment": _one(SENTENCES),
    "note": _one(SENTENCES),
    "text": _one(SENTENCES),
    "url": url,
    "uri": url,
    "href": url,
    "link": url,
    "website": url,
    "homepage": url,
    "domain": lambda random: f"{token(random, 6)}.example.com",
    "host": lambda random: f"{token(random, 6)}.example.com",
    "hostname": lambda random: f"{token(random, 6)}.example.com",
    "ip": lambda random: f"192.0.2.{random.randint(1, 254)}",
    "ipaddress": lambda random: f"192.0.2.{random.randint(1, 254)}",
    "date": day,
    "birthday": day,
    "time": moment,
    "at": moment,
    "timestamp": moment,
    "on": day,
    "amount": lambda random: f"{random.randint(1, 999)}.{random.randint(0, 99):02}",
    "price": lambda random: f"{random.randint(1, 999)}.{random.randint(0, 99):02}",
    "version": lambda random: f"{random.randint(1, 4)}.{random.randint(0, 9)}.{random.randint(0, 9)}",
    "color": lambda random: f"#{random.randrange(1 << 24):06x}",
    "colour": lambda random: f"#{random.randrange(1 << 24):06x}",
    "slug": lambda random: random.choice(THINGS).lower().replace(" ", "-"),
    "code": lambda random: token(random, 6).upper(),
    "filename": lambda random: f"{token(random, 6)}.txt",
    "path": lambda random: f"/{token(random, 6)}",
    "status": _one(("active", "pending", "done")),
    "type": _one(("standard", "basic", "custom")),
    "useragent": _one(("Mozilla/5.0",)),
    "gender": _one(("female", "male", "other")),
}

NUMBERS: Mapping[str, Make] = {
    "id": _within(1, 99_999),
    "age": _within(18, 80),
    "year": _within(2020, 2026),
    "month": _within(1, 12),
    "day": _within(1, 28),
    "hour": _within(0, 23),
    "minute": _within(0, 59),
    "second": _within(0, 59),
    "count": _within(1, 20),
    "quantity": _within(1, 20),
    "total": _within(1, 200),
    "limit": _within(10, 100),
    "pagesize": _within(10, 100),
    "page": _within(1, 5),
    "offset": _within(0, 50),
    "amount": _within(100, 99_999),
    "price": _within(100, 99_999),
    "percent": _within(0, 100),
    "percentage": _within(0, 100),
    "port": _within(1024, 49_151),
    "at": _within(1_735_689_600, 1_767_225_599),
    "time": _within(1_735_689_600, 1_767_225_599),
    "timestamp": _within(1_735_689_600, 1_767_225_599),
    "latitude": _place(8),
    "lat": _place(8),
    "longitude": _place(9),
    "lng": _place(9),
    "lon": _place(9),
    "width": _within(100, 2000),
    "height": _within(100, 2000),
    "size": _within(1, 5000),
    "rating": _within(1, 5),
    "version": _within(1, 9),
}
