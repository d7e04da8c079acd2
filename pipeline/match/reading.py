"""A text made ready for comparing. What is compared often (seeds, popular stories) is kept in a small bounded cache, by its text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Set
from functools import cached_property, lru_cache
from itertools import accumulate, chain, pairwise

from pipeline.match import similarity
from pipeline.match.align import Grams, grams
from pipeline.match.lexicon import Lexicon, lexicon
from pipeline.match.line import TWIN, Line, Places, Said, lines
from pipeline.match.vocabulary import weighed
from pipeline.match.voice import PROSE, Marks, among_lines, mask, voices
from pipeline.model import Article, Vocabulary
from pipeline.repeated import digest
from pipeline.text import Tokens, sentences, tokens

_KEPT = 128  # readings; some 400 kB each for a usual article
_KEPT_UP_TO = 30_000  # code points; longer texts are read anew, so that the cache stays below some 100 MB
_TITLES = 8  # of one text, under which it is kept what it weighs
_VECTORS = 1024  # some 4 kB each


class Reading:
    """Title and text of an article with what comparing needs, each made when it is first asked for."""

    def __init__(self, title: str, text: str, repeated: frozenset[str]) -> None:
        self.title, self.text, self.repeated = title, text, repeated
        self._weights: dict[str, similarity.Vector] = {}
        self._topic: tuple[Vocabulary | None, similarity.Vector] | None = None

    @cached_property
    def words(self) -> Tokens:
        """The tokens of the text."""
        if not self._lines:
            return tokens(self.text)
        forms = list(chain.from_iterable([one.forms for one in self._lines]))
        return Tokens(forms, Places(self._lines, *self._begins), Places(self._lines, *self._begins, ends=True))

    @cached_property
    def _begins(self) -> tuple[list[int], list[int]]:
        """Where each of its lines begins, and how many words stand before it; the end of the last as well."""
        starts = list(accumulate([len(one.text) + 1 for one in self._lines], initial=0))
        return starts, list(accumulate([len(one.forms) for one in self._lines], initial=0))

    @cached_property
    def placed(self) -> Tokens:
        """The same with all their places at hand, for who asks word by word."""
        return Tokens(self.words.forms, list(self.words.starts), list(self.words.ends))

    @cached_property
    def known(self) -> Set[str]:
        """Its words, in no order."""
        return frozenset(self.words.forms)

    @cached_property
    def grams(self) -> Grams:
        """Its n-grams, as alignment needs them."""
        return grams(self.words.forms)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Spans of the sentences."""
        return [(start, stop) for start, stop, _, _ in self.said] if self._lines else sentences(self.text)

    @cached_property
    def said(self) -> Said:
        """Of each sentence its span, and the span of its tokens."""
        if self._lines:
            return [told for n in range(len(self._lines)) for told in self.said_in(n)]
        starts = self.words.starts
        return [(start, stop, bisect_left(starts, start), bisect_left(starts, stop)) for start, stop in self.sentences]

    def said_in(self, n: int) -> Said:
        """The sentences of its ``n``-th line: of most lines of most texts nobody asks for them."""
        if not self._lines:
            return self._parted[n]
        starts, counts = self._begins
        return self._lines[n].said_at(starts[n], counts[n])

    def parted(self, n: int) -> tuple[str, Said, int]:
        """The same, their places as a text has them that is handed out with them, and how many words stand before that one."""
        if not self._lines:
            return self.text, self._parted[n], 0
        return self._lines[n].text, self._lines[n].said, self._begins[1][n]

    @cached_property
    def _parted(self) -> list[Said]:
        """The sentences, line by line: a line break ends one."""
        begins, starts = self._breaks, [one[0] for one in self.said]
        places = [bisect_left(starts, begin) for begin in begins]
        return [self.said[first:last] for first, last in pairwise(places)]

    @cached_property
    def _breaks(self) -> list[int]:
        """Where each line of a text begins that was read as a whole; and the end of the last."""
        return list(accumulate([len(one) + 1 for one in self.text.split("\n")], initial=0))

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """The spans of the tokens of its lines."""
        starts = self.words.starts
        return list(pairwise(self._begins[1] if self._lines else [bisect_left(starts, begin) for begin in self._breaks]))

    @cached_property
    def paragraphs(self) -> list[tuple[int, int]]:
        """The spans of the tokens of its lines; a line of a few words is none."""
        return [(first, last) for first, last in self.spans if last - first >= PROSE]

    @cached_property
    def _lines(self) -> list[Line]:
        """Read one by one, but where a text must be read as a whole."""
        return lines(self.text)

    @cached_property
    def digests(self) -> frozenset[str]:
        """Of its sentences, as ``Profile.repeated`` holds them."""
        if self._lines:
            return frozenset(chain.from_iterable([one.digests for one in self._lines]))
        return frozenset(digest(self.words.forms[first:last]) for _, _, first, last in self.said)

    @cached_property
    def _voices(self) -> Marks:
        if self._lines:
            heard = [one.heard for one in self._lines]
            marks = bytearray().join([own for (own, _), _ in heard]), bytearray().join([quoted for (_, quoted), _ in heard])
            if True in [more for _, more in heard]:
                among_lines(self.text, self._before, marks)
        else:
            marks = voices(self.text, self.words, self.sentences)
        if self.repeated and not self.repeated.isdisjoint(self.digests):
            for _, _, first, last in self.said:
                if digest(self.words.forms[first:last]) in self.repeated:
                    mask(marks, first, last)
        return marks

    def _before(self, place: int) -> int:
        """How many words begin before a place of a text that was read line by line."""
        starts, counts = self._begins
        n = min(bisect_right(starts, place), len(self._lines)) - 1
        return counts[n] + self._lines[n].before(place - starts[n])

    @property
    def own(self) -> bytearray:
        """1 for each token that is the reporter's own."""
        return self._voices[0]

    @property
    def quoted(self) -> bytearray:
        """1 for each token of a direct quote."""
        return self._voices[1]

    def topic(self, vocabulary: Vocabulary | None) -> similarity.Vector:
        """The weights of its words, as the archive has them; None: by their looks alone."""
        words = self.weights(self.title)
        if vocabulary is None:
            return words
        if self._topic is None or self._topic[0] is not vocabulary or self._topic[1].lexicon is not words.lexicon:
            self._topic = (vocabulary, reckoned(words, vocabulary))
        return self._topic[1]

    @cached_property
    def twins(self) -> list[list[tuple[int, int]]]:
        """Sentences that stand here more than once (a caption under each picture, a summary), as spans of tokens: they count once."""
        forms = self.words.forms
        if self._lines:
            long = list(chain.from_iterable([one.long for one in self._lines]))
        else:
            long = [hash(tuple(forms[first:last])) for _, _, first, last in self.said if last - first >= TWIN]
        if len(set(long)) == len(long):
            return []
        met: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        for _, _, first, last in self.said:
            if last - first >= TWIN:
                met.setdefault(tuple(forms[first:last]), []).append((first, last))
        return [spans for spans in met.values() if len(spans) > 1]

    def weighed(self, title: str) -> bool:
        """Whether it is known what it weighs under a title."""
        told = self._weights.get(title)
        return told is not None and told.lexicon is lexicon()

    def keep(self, title: str, weights: similarity.Vector) -> None:
        """What it weighs under a title: mostly its own, but a story stands under others elsewhere."""
        kept = self._weights if len(self._weights) < _TITLES else {}
        self._weights = kept | {title: weights}  # another thread may be reading the old ones

    def weights(self, title: str) -> similarity.Vector:
        """What its words weigh under a title, by their looks alone."""
        told = self._weights.get(title)
        if told is None or told.lexicon is not lexicon():
            told = similarity.vectors([(title, self.written)])[0]
            self.keep(title, told)
        return told

    @cached_property
    def written(self) -> list[similarity.Written]:
        """Its words as they are written, line by line."""
        return [one.written for one in self._lines] if self._lines else [similarity.written(self.text, self.words)]


@lru_cache(maxsize=_KEPT)
def _kept(title: str, text: str, repeated: frozenset[str]) -> Reading:
    return Reading(title, text, repeated)


def weigh(texts: Iterable[tuple[str, Reading]]) -> None:
    """Makes known what some texts weigh under these titles, all at once: that is cheaper than one by one."""
    missing = [(title, one) for title, one in dict.fromkeys(texts) if not one.weighed(title)]
    made = similarity.vectors([(title, one.written) for title, one in missing])
    for (title, one), vector in zip(missing, made, strict=True):
        one.keep(title, vector)


@lru_cache(maxsize=_VECTORS)
def _vector(title: str, text: str, _known: Lexicon) -> similarity.Vector:
    return similarity.vector(title, text)


def reckoned(words: similarity.Vector, vocabulary: Vocabulary | None) -> similarity.Vector:
    """The weights as an archive has them, once it is known what it tells."""
    return weighed(words, vocabulary) if vocabulary else words


def read(article: Article, repeated: frozenset[str] = frozenset()) -> Reading:
    """The reading of an article, from the cache when it was read lately."""
    make = _kept if len(article.text) <= _KEPT_UP_TO else Reading
    return make(article.title, article.text, repeated)


def topic(article: Article) -> similarity.Vector:
    """The weights of an article's words by their looks alone: cheaper than a reading, and kept for more articles."""
    if len(article.text) > _KEPT_UP_TO:
        return similarity.vector(article.title, article.text)
    return _vector(article.title, article.text, lexicon())
