"""A text made ready for comparing. What is compared often (seeds, popular stories) is kept in a small bounded cache, by its text."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property, lru_cache
from itertools import chain

from pipeline.match import similarity
from pipeline.match.align import Grams, grams
from pipeline.match.line import TWIN, Line, Places, line
from pipeline.match.vocabulary import weighed
from pipeline.match.voice import PROSE, Marks, among_lines, mask_repeated, voices
from pipeline.model import Article, Vocabulary
from pipeline.repeated import digests
from pipeline.text import Tokens, repair, sentences, tokens

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
        forms = list(chain.from_iterable([one.words.forms for one in self._lines]))
        return Tokens(forms, Places(self._lines, ends=False), Places(self._lines, ends=True))

    @cached_property
    def known(self) -> frozenset[str]:
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
    def said(self) -> list[tuple[int, int, int, int]]:
        """Of each sentence its span, and the span of its tokens."""
        if not self._lines:
            starts = self.words.starts
            return [(start, stop, bisect_left(starts, start), bisect_left(starts, stop)) for start, stop in self.sentences]
        found, start, count = list[tuple[int, int, int, int]](), 0, 0
        for one in self._lines:
            found += [(begin + start, end + start, first + count, last + count) for begin, end, first, last in one.said]
            start += len(one.text) + 1
            count += len(one.words.forms)
        return found

    @cached_property
    def paragraphs(self) -> list[tuple[int, int]]:
        """The spans of the tokens of its lines; a line of a few words is none."""
        found = []
        if self._lines:
            last = 0
            for one in self._lines:
                first, last = last, last + len(one.words.forms)
                if last - first >= PROSE:
                    found.append((first, last))
            return found
        starts, start = self.words.starts, 0
        for said in self.text.split("\n"):
            first, last = bisect_left(starts, start), bisect_left(starts, start + len(said))
            start += len(said) + 1
            if last - first >= PROSE:
                found.append((first, last))
        return found

    @cached_property
    def _lines(self) -> list[Line]:
        """Read one by one, but where a text must be read as a whole: what is repaired, or longer in lower case, or one line."""
        text = self.text
        plain = not self._whole and "\n" in text and (text.isascii() or (repair(text) == text and len(text.lower()) == len(text)))
        return [line(one) for one in text.split("\n")] if plain else []

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
            long = [tuple(forms[first:last]) for _, _, first, last in self.said if last - first >= TWIN]
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
        return similarity.vector(self.title, self.text, self.words, by_line)


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
