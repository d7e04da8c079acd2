"""A text made ready for comparing. What is compared often (seeds, popular stories) is kept in a small bounded cache, by its text."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property, lru_cache

from pipeline.match import similarity
from pipeline.match.align import Grams, grams
from pipeline.match.vocabulary import weighed
from pipeline.match.voice import PROSE, voices
from pipeline.model import Article, Vocabulary
from pipeline.repeated import digests
from pipeline.text import Tokens, repair, sentences, tokens

TWIN = 6  # words of a sentence that is looked for again; shorter ones are headings
_KEPT = 128  # readings; some 400 kB each for a usual article
_KEPT_UP_TO = 30_000  # code points; longer texts are read anew, so that the cache stays below some 100 MB
_VECTORS = 1024  # some 30 kB each
_LINES = 4096  # paragraphs; some 5 kB each


class Reading:
    """Title and text of an article with what comparing needs, each made when it is first asked for."""

    def __init__(self, title: str, text: str, repeated: frozenset[str]) -> None:
        self.title, self.text, self.repeated = title, text, repeated
        self._topic: tuple[Vocabulary | None, similarity.Vector] | None = None

    @cached_property
    def words(self) -> Tokens:
        """The tokens of the text."""
        return self._lines[0]

    @cached_property
    def grams(self) -> Grams:
        """Its n-grams, as alignment needs them."""
        return grams(self.words.forms)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Spans of the sentences."""
        return self._lines[1]

    @cached_property
    def said(self) -> list[tuple[int, int, int, int]]:
        """Of each sentence its span, and the span of its tokens."""
        starts = self.words.starts
        return [(start, stop, bisect_left(starts, start), bisect_left(starts, stop)) for start, stop in self.sentences]

    @cached_property
    def paragraphs(self) -> list[tuple[int, int]]:
        """The spans of the tokens of its lines; a line of a few words is none."""
        starts, start, found = self.words.starts, 0, []
        for line in self.text.split("\n"):
            first, last = bisect_left(starts, start), bisect_left(starts, start + len(line))
            start += len(line) + 1
            if last - first >= PROSE:
                found.append((first, last))
        return found

    @cached_property
    def _lines(self) -> tuple[Tokens, list[tuple[int, int]]]:
        text = self.text
        plain = text.isascii() or (repair(text) == text and len(text.lower()) == len(text))
        if not plain or "\n" not in text:  # what is repaired or longer in lower case is not read by parts
            return tokens(text), sentences(text)
        words, spans, start = Tokens([], [], []), list[tuple[int, int]](), 0
        for line in text.split("\n"):
            if line:
                (forms, starts, ends), said = _line(line)
                words.forms.extend(forms)
                words.starts.extend([place + start for place in starts])
                words.ends.extend([place + start for place in ends])
                spans += [(first + start, last + start) for first, last in said]
            start += len(line) + 1
        return words, spans

    @cached_property
    def digests(self) -> frozenset[str]:
        """Of its sentences, as ``Profile.repeated`` holds them."""
        return frozenset(told for _, told in digests(self.words, self.sentences))

    @cached_property
    def _voices(self) -> tuple[bytearray, bytearray]:
        return voices(self.text, self.words, self.sentences, self.repeated)

    @property
    def own(self) -> bytearray:
        """1 for each token that is the reporter's own."""
        return self._voices[0]

    @property
    def quoted(self) -> bytearray:
        """1 for each token of a direct quote."""
        return self._voices[1]

    def topic(self, vocabulary: Vocabulary | None) -> similarity.Vector:
        """The weights of its words, as the archive has them."""
        if self._topic is None or self._topic[0] is not vocabulary:
            self._topic = (vocabulary, reckoned(self._vector, vocabulary))
        return self._topic[1]

    @cached_property
    def twins(self) -> list[list[tuple[int, int]]]:
        """Sentences that stand here more than once (a caption under each picture, a summary), as spans of tokens: they count once."""
        forms = self.words.forms
        met: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        for _, _, first, last in self.said:
            if last - first >= TWIN:
                met.setdefault(tuple(forms[first:last]), []).append((first, last))
        return [spans for spans in met.values() if len(spans) > 1]

    @cached_property
    def _vector(self) -> similarity.Vector:
        return similarity.vector(self.title, self.text, self.words)


@lru_cache(maxsize=_LINES)
def _line(line: str) -> tuple[Tokens, list[tuple[int, int]]]:
    """The tokens and sentences of a paragraph: those of a wire story stand in many papers, one by one, whatever is put around them."""
    return tokens(line), sentences(line)


@lru_cache(maxsize=_KEPT)
def _kept(title: str, text: str, repeated: frozenset[str]) -> Reading:
    return Reading(title, text, repeated)


@lru_cache(maxsize=_VECTORS)
def _vector(title: str, text: str, vocabulary: Vocabulary | None) -> similarity.Vector:
    return reckoned(_vector(title, text, None), vocabulary) if vocabulary else similarity.vector(title, text)


def reckoned(words: similarity.Vector, vocabulary: Vocabulary | None) -> similarity.Vector:
    """The weights as an archive has them, once it is known what it tells."""
    return weighed(words, vocabulary) if vocabulary else words


def read(article: Article, repeated: frozenset[str] = frozenset()) -> Reading:
    """The reading of an article, from the cache when it was read lately."""
    make = _kept if len(article.text) <= _KEPT_UP_TO else Reading
    return make(article.title, article.text, repeated)


def topic(article: Article, vocabulary: Vocabulary | None = None) -> similarity.Vector:
    """The weights of an article's words alone: cheaper than a reading, and kept for more articles."""
    if len(article.text) <= _KEPT_UP_TO:
        return _vector(article.title, article.text, vocabulary)
    return reckoned(similarity.vector(article.title, article.text), vocabulary)
