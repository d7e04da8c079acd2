"""What single words tell by their looks, without corpus statistics. Each has a number, so that a text's words are reckoned with in numpy's
arrays.

What a corpus would tell (which words are common) is said by two short lists and by a word's looks: names and figures weigh more, long words
more than short ones (Zipf's law of abbreviation: frequent words are short).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import repeat
from threading import Lock

import numpy as np
from numpy.typing import NDArray

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


_ENDINGS = ("ings", "ing", "ies", "ied", "es", "ed", "s", "e", "y")
_ENDING = {last: tuple(end for end in _ENDINGS if end[-1] == last) for last in {end[-1] for end in _ENDINGS}}
_NAMED = 0.7  # a name weighs this much more
_KEPT = 1 << 16  # words from which on a lexicon is left to those that have it, and another begun: some 15 MB
_ROOM = 4 * _KEPT  # of one that a text alone would fill


class Lexicon:
    """Words that were met, each with its number, and by that number what ``_term`` says of it: ``counts_as`` the term of this number,
    ``weight``, and ``name``, its weight when it is written as a name is. ``terms``: what words count as; 0 has no weight.
    ``room``: words from which on another is begun."""

    def __init__(self) -> None:
        self.terms = [""]
        self.counts_as = np.zeros(_KEPT, np.int32)
        self.weight, self.name = np.zeros(_KEPT), np.zeros(_KEPT)
        self._words = dict[str, int]()
        self._terms = {"": 0}
        self._lock = Lock()
        self.room = _KEPT

    def __len__(self) -> int:
        return len(self._words)

    def numbers(self, forms: Sequence[str]) -> NDArray[np.int32]:
        """The number of each of some words."""
        found = np.fromiter(map(self._words.get, forms, repeat(-1)), np.int32, len(forms))
        if len(new := np.flatnonzero(found < 0)):
            words = list(map(forms.__getitem__, new.tolist()))
            self._learn(words)
            found[new] = list(map(self._words.__getitem__, words))
        return found

    def _learn(self, words: Iterable[str]) -> None:
        with self._lock:  # another thread may be about the same words
            new = list({word: None for word in words if word not in self._words})
            begin, end = len(self), len(self) + len(new)
            self.room = min(max(self.room, 2 * len(new)), _ROOM)  # texts that fill one lexicon are not to begin another at every look
            while end > len(self.counts_as):  # one text may have more words than any lexicon
                self.counts_as = np.concatenate((self.counts_as, self.counts_as))
                self.weight, self.name = np.concatenate((self.weight, self.weight)), np.concatenate((self.name, self.name))
            stems, self.weight[begin:end], self.name[begin:end] = zip(*map(_term, new), strict=True) if new else ((), (), ())
            for stem in stems:
                if stem not in self._terms:
                    self._terms[stem] = len(self.terms)
                    self.terms.append(stem)
            self.counts_as[begin:end] = list(map(self._terms.__getitem__, stems))
            self._words.update(zip(new, range(begin, end), strict=True))  # last: who finds a number finds what it says


_lexicon = Lexicon()


def lexicon() -> Lexicon:
    """The one in use."""
    global _lexicon  # noqa: PLW0603  # nothing hangs on which one it is but time
    if len(_lexicon) >= _lexicon.room:
        _lexicon = Lexicon()
    return _lexicon
