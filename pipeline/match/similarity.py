"""How close two texts are in topic, 0 to 1, without corpus statistics: it works for one seed in an empty database.

A cosine of word weights. What a corpus would tell (which words are common) is said by two short lists and by a word's looks: names and
figures weigh more, long words more than short ones (Zipf's law of abbreviation: frequent words are short).
"""

from __future__ import annotations

import math
import operator
import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from itertools import compress, repeat

from pipeline.text import Tokens, tokens

Vector = dict[str, float]

# Function words: no weight. English first; of other languages those that are frequent and mean nothing in English.
_EMPTY = frozenset(
    re.findall(
        r"\S+",
        """
    a about above after again against all almost along already also although always am among an and another any anyone anything are
    aren't around as at away back be became because become been before began behind being below between both but by came can cannot come
    comes coming could did didnt do does doesnt doing done dont down during each either else enough even ever every few for from get gets
    getting give given go goes going gone got had has hasnt have having he her here hers herself him himself his how however i if im in
    instead into is isnt it its itself ive just keep kept know less let like made make makes making many may maybe me might more most
    much must my near need never next no nor not nothing now of off often on once one only onto or other others our out over own part per
    perhaps put quite rather really said same saw say saying says see seem seemed seems seen several shall she should since so some
    something still such take taken takes than that thats the their them then there these they thing things think this those though
    through thus to together too took toward towards under until up upon us use used using very want was wasnt way we well went were what
    when where whether which while who whom whose why will with within without wont would wouldnt yet you your yours told added according
    mr mrs ms dr pm am monday tuesday wednesday thursday friday saturday sunday
    der die das und ist nicht ein eine einer eines einem einen den dem des mit für auf von zu im sich auch als es an werden aus er hat dass
    sie nach wird bei noch wie am um über so sein war haben nur oder aber vor zur bis mehr durch man sind wurde hatte kann gegen vom
    le la les un une des du de et en est que qui dans pour pas au aux ce cette il elle sur par plus avec ne se son sa ses ont été mais ou
    el los las una unos del al y que en es por con para como su sus lo se más pero ha fue no este esta entre cuando sin sobre también
    o os as um uma e do da dos das em no na nos nas por para com não que se mais foi ao sua seu è di il che non per si con sono della dei
    и в не на что с как по это он из у за от но о к его же для все так бы был до было мы они я она их а или еще после при также
    """,
    )
)
# Words of any news page: little weight.
_COMMON = frozenset(
    re.findall(
        r"\S+",
        """
    ago announced area asked available based best better big body business call called case center chief city community company conference
    continue country countries current currently daily day days different director during early earlier end event expected face fact far
    father find first following former found four free friend full future general good government great group half hand hard head held help
    high history home hour hours house important include included including information interview issue issues january february march april
    june july august september october november december job large last late later lead leader leaders least left life likely line little
    live local long look looking lot main major man march matter media meet meeting member members men minister minutes month months morning
    move name national network new news night number office officer official officials old open order people person place plan plans please
    point police political power present president press problem program public question read ready real reason received recent recently
    report reported reporter reporters reports right role room run second section security senior service set seven show side sign site six
    small social soon source sources special spokesman spokeswoman spokesperson staff start started state statement states stay step story
    support sure system talk team ten term text third three time times today together told tonight top town tried try turn twitter facebook
    two five eight nine update used video view wanted war watch week weeks weekend white win wire woman women word words work worked working
    works world year years yesterday young photo photos image images article editor copyright rights reserved
    """,
    )
)


def _term(form: str) -> tuple[str, float, float]:
    """What a word counts as, without its commonest English endings so that "attacks" meets "attacked"; its weight by its looks, and its
    weight when it is written as a name is. A common word's capital letter says nothing."""
    if form in _EMPTY or (len(form) == 1 and form.isascii()):
        return "", 0.0, 0.0
    stem = form
    if len(form) > 4 and (ends := _ENDING.get(form[-1])) and form.isascii() and form.isalpha():
        for end in ends:
            if form.endswith(end) and len(form) - len(end) >= 3:
                stem = form[: -len(end)]
                break
    if form in _COMMON:
        return stem, 0.3, 0.3
    weight = 1.0 if form[0].isdigit() else min(len(form), 9) / 6
    return stem, weight, weight + _NAMED


class _Terms(dict[str, tuple[str, float, float]]):
    """What ``_term`` says, kept: a look at a dictionary costs a third of a call. It begins anew when it is full."""

    def __missing__(self, form: str) -> tuple[str, float, float]:
        if len(self) >= _TERMS_KEPT:
            self.clear()
        told = self[form] = _term(form)
        return told


_ENDINGS = ("ings", "ing", "ies", "ied", "es", "ed", "s", "e", "y")
_ENDING = {last: tuple(end for end in _ENDINGS if end[-1] == last) for last in {end[-1] for end in _ENDINGS}}
_NAMED = 0.7  # a name weighs this much more
_TERMS_KEPT = 1 << 16  # some 12 MB
_TERMS = _Terms()
_CAPITAL = re.compile("[A-Z]")
_BODY = 20  # tokens of a text whose title counts too: a title alone decides nothing (facts/matching)


def vector(title: str, text: str, words: Tokens | None = None, shown: list[str] | None = None, known: Counter[str] | None = None) -> Vector:
    """The weights of a text, of length 1. What is known of it: ``words``: its tokens, ``shown``: its ``capitals``, ``known``: how often
    each word stands there. The title counts as one more mention.

    In scripts without spaces, pairs of neighbouring characters stand for words.
    """
    words = words or tokens(text)
    forms = words.forms
    counts = Counter(forms) if known is None else known.copy()
    named = _named(text, words, counts, shown)
    if not text.isascii() and (forms := _paired(words)) is not words.forms:
        counts = Counter(forms)
    if len(forms) >= _BODY:
        counts.update(_title(title))
    weights: Vector = {}
    log = math.log
    for form, count, (stem, weight, name) in zip(counts, counts.values(), map(_TERMS.__getitem__, counts), strict=True):
        told = name if form in named else weight
        if count != 1:
            told *= 1 + log(count)
        if stem in weights:
            weights[stem] += told
        else:
            weights[stem] = told
    weights.pop("", None)
    norm = math.sqrt(sum(map(operator.mul, weights.values(), weights.values())))
    return dict(zip(weights, [weight / norm for weight in weights.values()], strict=True)) if norm else {}


@lru_cache(maxsize=1024)  # a wire story's title stands over it in many papers
def _title(title: str) -> list[str]:
    return _paired(tokens(title))


def _named(text: str, words: Tokens, counts: Mapping[str, int], shown: list[str] | None) -> set[str]:
    """The words that begin with a capital wherever they stand. ``counts``: of the forms; ``shown``: see ``vector``."""
    shown = capitals(text, words) if shown is None else shown
    if shown is not None:
        return {form for form, count in Counter(shown).items() if counts[form] == count}
    initials = "".join(map(text.__getitem__, words.starts))
    named = set(compress(words.forms, map(str.isupper, initials)))
    named.difference_update(compress(words.forms, map(str.islower, initials)))
    return named


def capitals(text: str, words: Tokens) -> list[str] | None:
    """The words that begin with a capital, each as often as it does; None where a word begins with a letter beyond ASCII."""
    initials = "".join(map(text.__getitem__, words.starts))
    return [words.forms[match.start()] for match in _CAPITAL.finditer(initials)] if initials.isascii() else None


def _paired(words: Tokens) -> list[str]:
    """The forms, single characters of scripts without spaces joined to the one that follows."""
    forms, starts, ends = words
    if "".join(forms).isascii() or not any(len(form) == 1 and not form.isascii() for form in set(forms)):
        return forms
    paired = []
    for n, form in enumerate(forms):
        if len(form) > 1 or form.isascii():
            paired.append(form)
        elif n + 1 < len(forms) and starts[n + 1] == ends[n]:
            paired.append(form + forms[n + 1])
    return paired


def cosine(one: Vector, other: Vector) -> float:
    """Of two vectors of length 1: 0 (nothing in common) to 1. The same for swapped sides, to the last bit."""
    if len(one) > len(other):
        one, other = other, one
    # fsum is exact, whatever the order; what the other has not adds nothing
    return min(1.0, math.fsum(map(operator.mul, one.values(), map(other.get, one, repeat(0.0)))))
