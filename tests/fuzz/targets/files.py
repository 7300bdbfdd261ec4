"""What stands in files of others: tables, lines, Markdown, Parquet, manifests, addresses."""

from __future__ import annotations

import atexit
import io
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import docx
import pyarrow as pa
import pyarrow.parquet as pq
import pypdf
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.fuzz.inputs import like
from tests.fuzz.target import Target
from textwire.addresses import STATE_FILE, running_stack
from textwire.errors import ArtifactError, DataFileError, SettingsError, StackError
from textwire.models.artifacts.artifact import decode_manifest
from textwire.rows.columns import Columns
from textwire.rows.files import read_rows
from textwire.rows.screening import Screening
from textwire.sentiment_alerts.messages import Article
from textwire.sentiment_alerts.watchlist import read_watchlist
from textwire.support_qa.messages import Passage

TABLE = b'id,text,tags\n1,"How, and why?",a;b\n2,Because.,\n'
LINES = b'{"id": "1", "text": "How?", "tags": ["a"]}\n{"id": 2, "text": "So."}\n'
MARKDOWN = b"---\na: 1\n---\n# Card\n\nTap it.\n\n## Lost?\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
HTML = (
    b"<html><head><title>a</title></head><body><nav>b</nav><main><h2>How?</h2><p>So.</p>"
    b"<details><summary>Why?</summary>Because.</details><dl><dt>a<dd>b</dl></main>"
)
MANIFEST = (
    b'{"task": "support-qa", "version": "v1", "fingerprint": "f", '
    b'"created_at": "2026-01-01T00:00:00Z", "textwire_version": "0", "base": "b", '
    b'"method": "full", "data": {}, "settings": {}, "dimension": 384, "max_tokens": 256, '
    b'"files": {"model.onnx": "00"}}'
)
STATE = b'{"pid": 1, "bootstrap_servers": "127.0.0.1:9092", "redis_url": "redis://127.0.0.1/0"}'
WATCHLIST = b'{"name": "Northmere Energy", "ticker": "NMRE", "aliases": ["Northmere"]}\n'


@cache
def folder() -> Path:
    """Where inputs are written, by this process alone."""
    made = Path(mkdtemp(prefix="fuzz-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def load_rows(ending: str, content: bytes) -> None:
    """A file's rows become passages, or are named as bad."""
    path = folder() / f"rows{ending}"
    path.write_bytes(content)
    columns = Columns.parse(Passage, [], made_up=("id",))
    list(Screening(Passage).let_through(path, read_rows(path, columns)))


def load_changed(ending: str, right: bytes, changes: list[tuple[int, bytes]]) -> None:
    """A binary file some of whose bytes were overwritten."""
    content = bytearray(right)
    for place, written in changes:
        at = place % len(content)
        content[at : at + len(written)] = written
    load_rows(ending, bytes(content))


def load_articles(content: bytes) -> None:
    """The same, with times."""
    path = folder() / "articles.jsonl"
    path.write_bytes(content)
    columns = Columns.parse(Article, [], made_up=("id",))
    list(Screening(Article).let_through(path, read_rows(path, columns)))


def load_watchlist(content: bytes) -> None:
    """Companies to be watched."""
    path = folder() / "watchlist.jsonl"
    path.write_bytes(content)
    read_watchlist(path)


def load_state(content: bytes) -> None:
    """Where a running stack says that its servers are."""
    (folder() / STATE_FILE).write_bytes(content)
    running_stack(folder())


def _parquet() -> bytes:
    table = pa.table({"id": ["1", "2"], "text": ["How?", None], "tags": [["a"], []]})
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def _workbook() -> bytes:
    buffer = io.BytesIO()
    book = Workbook()
    for row in (["Question", "Answer"], ["How?", "So."], ["When?", 3.5]):
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


def _word() -> bytes:
    document = docx.Document()
    document.add_heading("How?", 1)
    document.add_paragraph("So.")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _changed(ending: str, right: bytes) -> Target:
    """Archives and the like: bytes that are only random do not get past their checks."""
    places = st.tuples(st.integers(0, len(right) - 1), st.binary(min_size=1, max_size=4))
    inputs = st.lists(places, max_size=6)
    return Target(
        f"rows {ending}",
        inputs,
        lambda changes: load_changed(ending, right, changes),
        (DataFileError,),
        share=0.1,
    )


def _rows(ending: str, right: bytes) -> Target:
    inputs = like([right], ["id", "text", "title", "question", "tags", "url"])
    return Target(f"rows {ending}", inputs, lambda b: load_rows(ending, b), (DataFileError,))


FILES = (
    _rows(".csv", TABLE),
    _rows(".tsv", TABLE.replace(b",", b"\t")),
    _rows(".jsonl", LINES),
    _rows(".md", MARKDOWN),
    _rows(".parquet", _parquet()),
    _rows(".json", b'{"faqs": [{"Q": "How?", "A": "<p>So.</p>"}, {"id": 2, "text": "a"}]}'),
    _rows(".html", HTML),
    _changed(".xlsx", _workbook()),
    _changed(".docx", _word()),
    _changed(".pdf", _pdf()),
    Target(
        "articles with times",
        like(
            [b'{"title": "a", "published_at": "2026-01-02 03:04"}\n'],
            ["id", "title", "body", "published_at"],
        ),
        load_articles,
        (DataFileError,),
    ),
    Target("watchlist", like([WATCHLIST], ["name", "aliases"]), load_watchlist, (SettingsError,)),
    Target(
        "manifests",
        like([MANIFEST], ["task", "version", "files", "dimension", "created_at"]),
        lambda content: decode_manifest(content, "here"),
        (ArtifactError,),
    ),
    Target("stack.json", like([STATE], ["pid", "redis_url"]), load_state, (StackError,)),
    Target(
        "--map options",
        st.lists(st.text(max_size=20), max_size=4),
        lambda options: Columns.parse(Passage, options),
        (DataFileError,),
    ),
)
