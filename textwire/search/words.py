"""Sparse retrieval: BM25 over stemmed words, by tantivy, in memory."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import tantivy
from tantivy import Filter, Occur, Query, TextAnalyzerBuilder, Tokenizer

from textwire.search.scripts import UNSPACED

# One writing thread: passages change a few at a time. 15 MB is a batch, not the size of the index.
WRITER_THREADS = 1
WRITER_HEAP_BYTES = 15_000_000
# A longer word is a mistake, a key or an attack, and no customer's.
LONGEST_WORD = 60
# Terms past this number change no ranking and cost time: a question is a few sentences.
MOST_TERMS = 128

Hit = tuple[int, float]


class WordIndex:
    """Texts under ids, as they stood at one moment. A later moment is made by `changed`.

    Moments share their storage, so only the latest can be changed; earlier ones stay searchable.
    The frequencies behind BM25 count a replaced text until its segment is merged away: scores are
    exact after a fresh build and very near it between.

    Source: Robertson and Zaragoza 2009, "The probabilistic relevance framework: BM25 and beyond".
    """

    def __init__(self, language: str = "english") -> None:
        """An empty index.

        Args: language: whose stems and stop words are known (Snowball's name, such as "german").
              Chinese and Japanese need no setting: they are read as pairs of characters.
        """
        self._storage = _Storage(language)
        self._searcher = self._storage.searcher()

    def changed(self, put: Mapping[int, str], removed: Iterable[int] = ()) -> WordIndex:
        """The next moment: ids removed, and others put in or replaced.

        Raises: ValueError: a later moment exists already.
        """
        if self._searcher is not self._storage.latest:
            raise ValueError("Only the latest moment of a word index can be changed.")
        later = object.__new__(WordIndex)
        later._storage = self._storage
        later._searcher = self._storage.write(put, removed)
        return later

    def search(self, texts: Sequence[str], k: int) -> list[list[Hit]]:
        """For each text, the k best ids with their BM25 scores, descending; equal scores by id.

        Whatever a text holds is read as words, never as query syntax.
        """
        return [self._search_one(text, k) for text in texts]

    def terms(self, text: str) -> list[str]:
        """All terms of a text, as they are searched: without stop words, as stems."""
        return self._storage.all_terms(text)

    def rarities(self, text: str) -> dict[str, float]:
        """How rare each term of a text is among the texts, 0 to 1: 1 where none has it.

        Its inverse document frequency as in BM25, as a part of that of a term which no text has.
        """
        count = self._searcher.num_docs
        most = math.log(2 * count + 2)
        return {term: self._idf(term, count) / most for term in self._storage.terms(text)}

    def _idf(self, term: str, count: int) -> float:
        # Texts that were replaced are counted until they are merged away.
        having = min(count, self._searcher.doc_freq("text", term))
        return math.log1p((count - having + 0.5) / (having + 0.5))

    def _search_one(self, text: str, k: int) -> list[Hit]:
        terms = self._storage.terms(text)
        if not terms or not self._searcher.num_docs:
            return []
        hits = self._searcher.search(self._storage.query(terms), k, count=False).hits
        ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        scored = [(int(id_), float(score)) for id_, (score, _) in zip(ids, hits, strict=True)]
        return sorted(scored, key=lambda hit: (-hit[1], hit[0]))


class _Storage:
    """The one tantivy index behind all moments, with its writer."""

    def __init__(self, language: str) -> None:
        self._analyzer = _analyzer(language)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema)
        self._index.register_tokenizer("words", self._analyzer)
        self._index.config_reader(reload_policy="manual")
        self._writer = self._index.writer(WRITER_HEAP_BYTES, WRITER_THREADS)
        self.latest: Any = None

    def searcher(self) -> Any:
        """The searcher of the newest commit; it keeps seeing that one."""
        self._index.reload()
        self.latest = self._index.searcher()
        return self.latest

    def write(self, put: Mapping[int, str], removed: Iterable[int]) -> Any:
        """The searcher of a new commit."""
        if gone := [*removed, *put]:
            self._writer.delete_documents_by_query(Query.term_set_query(self._schema, "id", gone))
        for id_, text in put.items():
            self._writer.add_document(_document(id_, text))
        self._writer.commit()
        return self.searcher()

    def terms(self, text: str) -> list[str]:
        """The different terms of a text, as they are indexed."""
        return list(dict.fromkeys(self.all_terms(text)))[:MOST_TERMS]

    def all_terms(self, text: str) -> list[str]:
        """The terms of a text in their order, as they are indexed."""
        analyzed: list[str] = self._analyzer.analyze(_readable(text))
        return analyzed

    def query(self, terms: Sequence[str]) -> Any:
        """Any of the terms."""
        return Query.boolean_query(
            [(Occur.Should, Query.term_query(self._schema, "text", t, "freq")) for t in terms]
        )


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name="words", index_option="freq")
    return builder.build()


def _document(id_: int, text: str) -> Any:
    document = tantivy.Document()
    document.add_unsigned("id", id_)
    document.add_text("text", _readable(text))
    return document


def _analyzer(language: str) -> Any:
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for step in (
        Filter.remove_long(LONGEST_WORD),
        Filter.lowercase(),
        Filter.stopword(language),
        Filter.ascii_fold(),
        Filter.stemmer(language),
    ):
        builder = builder.filter(step)
    return builder.build()


def _readable(text: str) -> str:
    """The text as UTF-8 can carry it, with unspaced writing cut into pairs."""
    return UNSPACED.sub(_pairs, text.encode("utf-8", "replace").decode("utf-8"))


def _pairs(run: re.Match[str]) -> str:
    characters = run.group()
    pairs = [characters[i : i + 2] for i in range(max(1, len(characters) - 1))]
    return f" {' '.join(pairs)} "
