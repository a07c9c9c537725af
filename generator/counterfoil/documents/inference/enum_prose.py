"""Enumerations that a description only tells of: `1-count，2-count unique`, "Possible values: `a`, `b`"."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

_MAX_LENGTH = 4_000  # longer descriptions are articles
_MARKS = "`\"'*“”‘’"
_SEPARATORS = ",，;；、|｜/\n•。"
_PAIR = (
    rf"(?:[-*•][^\S\n]+)?(?:(?:or|and)\s+)?[{_MARKS}]*(?P<value>-?\d{{1,9}})[{_MARKS}]*"
    rf"(?:\s*(?:-+>?|–|—|:|：|=>?|＝|→|\))\s*(?=[^\W\d_]|[{_MARKS}])|\.(?=[^\W\d_]))"
)
_NUMBERED = re.compile(
    rf"(?:^|(?<=[{_SEPARATORS}(（\[:：])|(?<=\.\s)|(?<=\band\s)|(?<=\bor\s))[^\S\n]*{_PAIR}", re.MULTILINE
)
_TWO_NUMBERS = re.compile(r"\d\D+\d")
_FIRST = re.compile(rf"(?<=\s){_PAIR}(?P<name>[^{_SEPARATORS}]{{1,40}})[{_SEPARATORS}\s]*$")
_LAST_NAME = re.compile(r"[^,，;；、\n。|｜(（\[]*?(?=\.(?:\s|$)|[,，;；、\n。|｜(（\[)）\]]|$)")
_REMARK_ON_NAME = re.compile(r"\s*(?:\([^()]*\)|（[^（）]*）)$")
_LONGEST_NAME = 40
_SEVERAL_FACTS = re.compile(r"[,，;；、|｜\n。]|\.\s")
_QUANTITY = re.compile(
    r"\b(?:number|count|amount|limit|maximum|minimum|max|min|quantity|size|length|duration|seconds|minutes|hours|days"
    r"|interval|percent(?:age)?|rate|delay|timeout|index|offset|retries|attempts)\b",
    re.IGNORECASE,
)
_NOT_EXHAUSTIVE = re.compile(
    r"\be\.?g\b|\b(?:for (?:example|instance)|examples?|such as|like|etc|including|includes?|among others|and so on"
    r"|and more|otherwise|depend(?:s|ing)?|varies|bit ?(?:mask|wise|flags?|field)|combin\w+|sum of|comma|separated"
    r"|or (?:more|higher|above|greater|larger|any)|at least|up to|range|between)\b|\.\.\.|…|\d\+"
    r"|^\s*(?:for|if|when|unless)\b",
    re.IGNORECASE,
)
_OPEN_ENDED = re.compile(
    r"\b(?:any|all) other values?\b|\bother values (?:are|may|can|will)\b|\bany value\b", re.IGNORECASE
)

_LEAD = re.compile(
    r"""
    \b(?:possible|allowed|allowable|valid|accepted|acceptable|permitted|permissible|legal|supported)
      \s+(?:\w+\s+){0,2}?(?:values?|options?|choices?)
      (?P<strong>\s*[:：]|\s+(?:are|is|can\ be)\b(?:\s+(?:one\ of|either))?\s*[:：]?|)
    | \b(?:values|options|choices|enum|enumeration)(?P<listing>\s*[:：]|\s+are\b\s*[:：]?)
    | \bone\ of(?:\s+the)?(?:\s+following)?(?:\s+(?:values?|options?|strings?))?(?P<one>\s*[:：]|)
    | (?:^|,|\b(?:be|is|as|to))\s*either\b
    | \b(?:must|can|may|should)\ be(?:\s+(?:set\s+to|either))?\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LEAD_CUE = re.compile("value|option|choice|enum|one of|either|(?:must|can|may|should) be")
_QUOTED = r"`[^`\n]+`|\"[^\"\n]+\"|“[^”\n]+”|‘[^’\n]+’|'[^'\n]+'|\*\*[^*\n]+\*\*|<code>[^<\n]+</code>"
_BARE = r"-?[A-Za-z0-9]\w*(?:[.\-:+/]\w+)*"
_ITEM = re.compile(rf"\s*(?:(?:or|and)\s+)?(?:(?P<quoted>{_QUOTED})|(?P<bare>{_BARE}))")
_GAP = re.compile(r"\s*(?:[,，;；、]\s*(?:(?:or|and|and/or)\s+)?|\|+|(?:\s|(?<=\)))(?:or|and|and/or)\s|/)\s*")
_REMARK = re.compile(r"\s*\([^()\n]*\)")
_END = re.compile(r"\s*(?:[.。)\];]|$|\n\s*\n)")
_BULLET = re.compile(rf"[^\S\n]*[-*•][^\S\n]+(?:(?P<quoted>{_QUOTED})|(?P<bare>{_BARE}))(?P<rest>[^\n]*)$")
_EXPLAINS = re.compile(r"\s*(?:$|[-–—:：=(.,;])")
_TYPES = {"string", "integer", "number", "boolean", "object", "array", "null"}
_CODE_LIKE = re.compile(r"[\w.\-:+/$@#]{1,60}")


@dataclass(frozen=True, slots=True)
class EnumProse:
    """The values that a description names; `names` is parallel to `values`, or empty where they have none."""

    values: tuple[str, ...]
    names: tuple[str, ...] = ()


@lru_cache(maxsize=1024)  # most texts stand in several places
def read_enum(description: str) -> EnumProse | None:
    """The enumeration in a description; None if there is none, or none that is certainly complete.

    Four forms are read: numbers with a name each, a list of words after a phrase such as "possible values", bullets
    that explain quoted words, and nothing but words between bars. Lists of examples, conditions, quantities with
    special values, bit masks and ranges are none.
    """
    if len(description) > _MAX_LENGTH:
        return None
    found = _numbered(description) or _listed(description) or _explained(description) or _barred(description)
    return None if found and _OPEN_ENDED.search(description) else found


def _numbered(text: str) -> EnumProse | None:
    items = list(_NUMBERED.finditer(text)) if _TWO_NUMBERS.search(text) else []
    first = _FIRST.search(text, 0, items[0].start()) if items else None  # only a blank stands before it
    items = [first, *items] if first else items
    if len(items) < 2:
        return None
    lead = text[: items[0].start()]
    ends = [item.start() for item in items[1:]]
    last = _LAST_NAME.match(text, items[-1].end())
    ends.append(last.end() if last else len(text))
    if first:
        ends[0] = first.end("name")
    starts = [item.end("name") - len(item["name"]) if item is first else item.end() for item in items]
    names = [_name(text[start:end]) for start, end in zip(starts, ends, strict=True)]
    numbers = [int(item["value"]) for item in items]
    if first and numbers[0] > numbers[1]:
        return None
    if not _is_scale(numbers) or (len(numbers) < 3 and _QUANTITY.search(lead)) or len(set(names)) < len(names):
        return None
    if _NOT_EXHAUSTIVE.search(_last_sentence(lead)) or _NOT_EXHAUSTIVE.search(text[ends[-1] : ends[-1] + 40]):
        return None
    if any(not name or len(name) > _LONGEST_NAME or _SEVERAL_FACTS.search(name) for name in names):
        return None
    return EnumProse(tuple(item["value"] for item in items), tuple(names))


def _name(text: str) -> str:
    """A name as written, without what joins it to the next one and without a remark in parentheses."""
    text = text.strip(f" \t.-*{_SEPARATORS}{_MARKS}")
    text = _REMARK_ON_NAME.sub("", re.sub(r"\s+(?:or|and)$", "", text))
    return text.strip(f" \t{_MARKS}")


def _is_scale(numbers: list[int]) -> bool:
    """Whether numbers look like codes given one after the other, not like special values of a quantity."""
    steps = {after - before for before, after in pairwise(numbers)}
    if len(steps) != 1:
        return len(numbers) > 2 and (min(steps) > 0 or max(steps) < 0)
    first, last = sorted((numbers[0], numbers[-1]))
    if abs(*steps) == 1 and (first in (0, 1) or (first == -1 and last > 0)):
        return True
    return len(numbers) > 2 and 0 not in steps


def _listed(text: str) -> EnumProse | None:
    if not _LEAD_CUE.search(text.lower()):
        return None
    found: set[tuple[str, ...]] = set()
    for lead in _LEAD.finditer(text):
        values = _bullets(text, lead.end()) or _inline(text, lead)
        if _are_values(values) and not _NOT_EXHAUSTIVE.search(_last_sentence(text[: lead.start()]) + lead[0]):
            found.add(tuple(values))
    values_of_quantity = all(value.lstrip("-").isdecimal() for values in found for value in values)
    if len(found) != 1 or (values_of_quantity and _QUANTITY.search(text)):
        return None
    return EnumProse(found.pop())


def _inline(text: str, lead: re.Match[str]) -> list[str]:
    """The words after a lead, joined by commas, `or`, `and`, bars or slashes up to the end of the sentence."""
    bare_allowed = bool(lead["strong"] or lead["listing"] or lead["one"])
    values: list[str] = []
    at = lead.end()
    while item := _ITEM.match(text, at):
        if item["bare"] and not bare_allowed:
            return []
        values.append(_plain(item))
        remark = _REMARK.match(text, item.end())
        end = remark.end() if remark else item.end()
        gap = _GAP.match(text, end)
        if not gap or not _ITEM.match(text, gap.end()):
            break
        at = gap.end()
    else:
        return []
    if not _END.match(text, end) or _NOT_EXHAUSTIVE.search(text[lead.end() : end]):
        return []
    return [] if _NOT_EXHAUSTIVE.match(text[end:].lstrip(" .,(")) else values


def _bullets(text: str, at: int) -> list[str]:
    """The first words of the bullets that come next, if nothing but a line break comes before."""
    lines = text[at:].lstrip(" \t:：*_").split("\n")
    if lines[0].strip(" :.") or not any(line.strip() for line in lines[1:]):
        return []
    values: list[str] = []
    for line in lines[1:]:
        bullet = _BULLET.match(line)
        if bullet and _EXPLAINS.match(bullet["rest"]):
            values.append(_plain(bullet))
        elif line.strip() and (bullet or not values or line.lstrip()[:2] in ("- ", "* ", "• ")):
            return []
        elif line.strip() and not line.startswith((" ", "\t")):
            break
    return values


def _explained(text: str) -> EnumProse | None:
    """Bullets without a lead, every one a quoted word with an explanation."""
    bullets = [line for line in text.split("\n") if re.match(r"\s*[-*•]\s", line)]
    found = [_BULLET.match(line) for line in bullets]
    values = [
        _plain(bullet) for bullet in found if bullet and bullet["quoted"] and re.match(r"\s*[-–—:：=(]", bullet["rest"])
    ]
    intro = text.split(bullets[0], 1)[0] if bullets else ""
    if len(values) != len(bullets) or _NOT_EXHAUSTIVE.search(_last_sentence(intro)) or not _are_values(values):
        return None
    return EnumProse(tuple(values))


def _barred(text: str) -> EnumProse | None:
    words = [word.strip(f" \t{_MARKS}") for word in text.strip().removesuffix(".").split("|")]
    return EnumProse(tuple(words)) if _are_values(words) and not _TYPES & {*words} else None


def _plain(item: re.Match[str]) -> str:
    text: str = item["quoted"] or item["bare"]
    return re.sub(rf"^(?:<code>|[{_MARKS}])+|(?:</code>|[{_MARKS}])+$", "", text).strip()


def _are_values(values: list[str]) -> bool:
    return 1 < len(values) == len(set(values)) and all(map(_CODE_LIKE.fullmatch, values))


def _last_sentence(text: str) -> str:
    return re.split(r"(?<!\be\.g)[.。]\s|\n\s*\n", text)[-1]
