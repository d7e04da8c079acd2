"""A text made ready for comparing. What is compared often (seeds, popular stories) is kept in a small bounded cache, by its text."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Set
from functools import cached_property, lru_cache
from itertools import accumulate, chain, pairwise

from pipeline.match import similarity
from pipeline.match.align import Grams, grams
from pipeline.match.line import TWIN, Line, Places, Said, lines
from pipeline.match.vocabulary import weighed
from pipeline.match.voice import PROSE, Marks, among_lines, mask_repeated, voices
from pipeline.model import Article, Vocabulary
from pipeline.repeated import digests
from pipeline.text import Tokens, sentences, tokens

_KEPT = 128  # readings; some 400 kB each for a usual article
_KEPT_UP_TO = 30_000  # code points; longer texts are read anew, so that the cache stays below some 100 MB
_VECTORS = 1024  # some 30 kB each


class Reading:
    """Title and text of an article with what comparing needs, each made when it is first asked for."""

    def __init__(self, title: str, text: str, repeated: frozenset[str]) -> None:
        self.title, self.text, self.repeated = title, text, repeated
        self._whole = False
        self._topic: tuple[Vocabulary | None, similarity.Vector] | None = None

    def as_new(self) -> Reading:
        """Itself, to be cut as a whole: of a text that comes in, few lines were read before, and line by line costs more."""
        self._whole = True
        return self

    @cached_property
    def words(self) -> Tokens:
        """The tokens of the text."""
        if not self._lines:
            return tokens(self.text)
        words = [one.words for one in self._lines]
        forms = list(chain.from_iterable([told.forms for told in words]))
        starts, counts = self._begins
        return Tokens(forms, Places([told.starts for told in words], starts, counts), Places([told.ends for told in words], starts, counts))

    @cached_property
    def _begins(self) -> tuple[list[int], list[int]]:
        """Where each of its lines begins, and how many words stand before it; the end of the last as well."""
        starts = list(accumulate([len(one.text) + 1 for one in self._lines], initial=0))
        return starts, list(accumulate([len(one.words.forms) for one in self._lines], initial=0))

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each of its words stands there."""
        return Counter(self.words.forms)

    @property
    def known(self) -> Set[str]:
        """Its words, in no order."""
        return self.counts.keys()

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
        return lines(self.text) if not self._whole and "\n" in self.text else []

    @cached_property
    def digests(self) -> frozenset[str]:
        """Of its sentences, as ``Profile.repeated`` holds them."""
        return frozenset(told for _, told in digests(self.words, self.sentences))

    @cached_property
    def _voices(self) -> Marks:
        if not self._lines:
            return voices(self.text, self.words, self.sentences, self.repeated)
        marks = bytearray().join(one.marks[0] for one in self._lines), bytearray().join(one.marks[1] for one in self._lines)
        if any(one.may_tell_more for one in self._lines):
            among_lines(self.text, self.words, marks)
        if self.repeated:
            mask_repeated(self.words, self.sentences, self.repeated, marks)
        return marks

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
        if vocabulary is None:
            return self._vector
        if self._topic is None or self._topic[0] is not vocabulary:
            self._topic = (vocabulary, reckoned(self._vector, vocabulary))
        return self._topic[1]

    @cached_property
    def twins(self) -> list[list[tuple[int, int]]]:
        """Sentences that stand here more than once (a caption under each picture, a summary), as spans of tokens: they count once."""
        forms = self.words.forms
        if self._lines:
            long = [told for one in self._lines for told in one.long]
        else:
            long = [hash(tuple(forms[first:last])) for _, _, first, last in self.said if last - first >= TWIN]
        if len(set(long)) == len(long):
            return []
        met: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        for _, _, first, last in self.said:
            if last - first >= TWIN:
                met.setdefault(tuple(forms[first:last]), []).append((first, last))
        return [spans for spans in met.values() if len(spans) > 1]

    @cached_property
    def _vector(self) -> similarity.Vector:
        told = [one.capitals for one in self._lines]
        by_line = None if not told or None in told else [form for some in told for form in some or ()]
        return similarity.vector(self.title, self.text, self.words, by_line, self.counts)


@lru_cache(maxsize=_KEPT)
def _kept(title: str, text: str, repeated: frozenset[str]) -> Reading:
    return Reading(title, text, repeated)


@lru_cache(maxsize=_VECTORS)
def _vector(title: str, text: str) -> similarity.Vector:
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
    make = _vector if len(article.text) <= _KEPT_UP_TO else similarity.vector
    return make(article.title, article.text)
