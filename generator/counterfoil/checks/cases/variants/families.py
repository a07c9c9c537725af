"""Sets of words that many contracts take some of, so that a server may know more of a set than its contract lists.

Each has the words first that are left out most often.
"""

from collections.abc import Iterator, Sequence

_WORDS = (
    "gbp chf usd eur jpy cny cad aud",  # ISO 4217
    "gb fr us de jp cn es it ch at",  # ISO 3166-1, two letters
    "gbr fra usa deu jpn chn esp ita",  # ISO 3166-1, three letters
    "fr es en de it pt ja zh nl",  # ISO 639-1
    "summary counter gauge histogram timer untyped",
    "avg median count sum max min mean last latest first count_distinct unique",
    "count_unique average count sum max min last latest",
    "hour week day month quarter year minute second",
    "weekly daily hourly monthly quarterly yearly annually",
    "trace debug info notice warn warning error critical fatal",
    "urgent medium low normal high highest lowest critical",
    "deleted pending active inactive archived draft canceled cancelled closed open suspended paused expired failed",
    "done todo in_progress completed cancelled failed pending running queued succeeded",
    "refunded unpaid paid pending overdue void failed",
    "owner guest admin editor viewer member user",
    "internal private public unlisted",
    "staging test development production dev prod",
    "number array boolean string integer object date datetime float json",
    "paypal cash card bank_transfer sepa invoice",
    "amex visa mastercard discover",
    "xlarge medium small large tiny",
    "xxl m s l xl xs",
    "monday tuesday wednesday thursday friday saturday sunday",
    "white black red green blue yellow orange purple grey",
    "put delete get post patch head options",
    "sms email push webhook slack",
    "xml csv json yaml pdf html text",
    "webp gif png jpeg jpg svg",
    "miles m km cm mm ft in",
    "lb g kg oz mg",
    "northeast north south east west",
    "other male female diverse unknown",
)
_FAMILIES = tuple(tuple(words.split()) for words in _WORDS)
_FEWEST = 2  # words of a family that make others of it likely
_MOST = 2  # others that are worth a try


def relatives(listed: Sequence[str]) -> Iterator[str]:
    """Words that are not listed, of the family that most of those listed are of, written as these are."""
    known = {_plain(each) for each in listed}
    family = max(_FAMILIES, key=lambda each: len(known.intersection(each)))
    shared = known.intersection(family)
    if len(shared) < _FEWEST or 2 * len(shared) < len(known):
        return
    like = next(each for each in listed if _plain(each) in shared)
    others = [each for each in family if each not in known]
    for other in others[:_MOST]:
        yield _written_as(other, like)


def _plain(word: str) -> str:
    return word.lower().replace("-", "_").replace(" ", "_")


def _written_as(word: str, like: str) -> str:
    """A word in lower case written as another one is: in upper case, or with a capital."""
    if like.isupper():
        return word.upper()
    return word.capitalize() if like[:1].isupper() else word
