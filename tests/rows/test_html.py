from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows.reading import good_rows, passages_of, rows_of
from textwire.rows.markup import has_markup, markup_as_text, read_page
from textwire.rows.row import BadRow, Row

PAGE = """<!doctype html><html><head><title>Help &amp; more</title><style>p {}</style>
<script>let p = "<p>no</p>";</script></head><body>
<header><h1>Larkfield</h1><nav><ul><li><a href="/">Home</a></li></ul></nav></header>
<p>Ask us.</p>
<h2>Cards</h2>
<p>All about&nbsp;<em>cards</em>.<br>And more.</p>
<h3>How do I block one?</h3>
<ol><li><p>Open it.</p></li><li>Press <b>Block</b>.<ul><li>Twice.</li></ul></li></ol>
<details open><summary>Is it free?</summary><div>Yes.<p>Always.</p></div></details>
<p>Call us.</p>
<dl><dt>Fee</dt><dt>Charge</dt><dd>What it costs.</dd>
<dt>Pot</dt><dd>A <i>savings</i> pot.</dd></dl>
<table><tr><th>Card</th><th>Fee</th></tr><tr><td>Gold</td><td>5</td></tr></table>
<aside>Buy now!</aside><footer>Imprint</footer></body></html>"""


def written(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "help.html"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_page_is_read_by_headings_and_marked_questions(tmp_path: Path) -> None:
    rows = good_rows(written(tmp_path, PAGE))
    block = "Cards › How do I block one?"
    assert rows == [
        {"title": "Help & more", "text": "Ask us."},
        {"title": "Cards", "text": "All about cards.\nAnd more."},
        {
            "title": block,
            "question": "How do I block one?",
            "text": "- Open it.\n- Press Block.\n- Twice.",
        },
        {"title": block, "question": "Is it free?", "text": "Yes.\n\nAlways."},
        {"title": block, "question": "How do I block one?", "text": "Call us."},
        {"title": block, "question": "Fee / Charge", "text": "What it costs."},
        {"title": block, "question": "Pot", "text": "A savings pot."},
        {"title": block, "question": "How do I block one?", "text": "Card | Fee\n\nGold | 5"},
    ]


def test_where_a_page_marks_its_content_the_rest_is_left(tmp_path: Path) -> None:
    page = (
        "<div>Cookies!</div><main><header><h1>Fees</h1></header><p>None.</p></main><div>Ads</div>"
    )
    assert good_rows(written(tmp_path, page)) == [{"title": "Fees", "text": "None."}]


def test_the_buttons_of_an_accordion_are_its_questions(tmp_path: Path) -> None:
    page = "<h3><button aria-expanded=false>Is it free?</button></h3><div hidden>Yes.</div>"
    [row] = good_rows(written(tmp_path, f"{page}<button>Close</button>"))
    assert row == {"title": "Is it free?", "question": "Is it free?", "text": "Yes."}


def test_a_page_with_a_byte_order_mark_and_open_tags_is_read(tmp_path: Path) -> None:
    page = "\ufeff<html><head><title>Help</title><body><h1>Fees</h1><p>None.<p>Never.<li>Really"
    assert good_rows(written(tmp_path, page)) == [
        {"title": "Fees", "text": "None.\n\nNever.\n\n- Really"}
    ]


def test_a_question_that_nobody_answered_is_named(tmp_path: Path) -> None:
    page = "<details>\n<summary>Why?</summary></details><details><summary>How?</summary>So."
    bad, good = rows_of(written(tmp_path, page))
    assert bad == BadRow(2, "a question without an answer")
    assert isinstance(good, Row)


def test_repeats_on_a_page_of_one_line_are_counted(tmp_path: Path) -> None:
    passages, screening = passages_of(written(tmp_path, "<h1>A</h1><p>B</p>" * 3))
    assert (len(passages), screening.taken, screening.repeats) == (1, 1, 2)


def test_lines_are_those_of_the_page(tmp_path: Path) -> None:
    [row] = rows_of(written(tmp_path, "<h1>A</h1>\n\n<p>\n\nText</p>"))
    assert row.line == 5


@pytest.mark.parametrize("text", ["a < b > c", "<name>", "1 <2", "Use <your id> here", "x<y"])
def test_words_with_angles_are_no_markup(text: str) -> None:
    assert not has_markup(text)


def test_markup_in_a_cell_becomes_text() -> None:
    cell = "<p>One&hellip;</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul><pre>x\n  y</pre>"
    assert has_markup(cell)
    assert markup_as_text(cell) == "One…\n\n- a\n- b\n\nx\n  y"


TAGS = st.sampled_from(
    ["p", "div", "h1", "li", "td", "summary", "dt", "dd", "b", "pre", "br", "details"]
)
PIECES = st.one_of(
    st.text("word ", min_size=1, max_size=6),
    TAGS.map(lambda tag: f"<{tag}>"),
    TAGS.map(lambda tag: f"</{tag}>"),
)


@given(st.lists(PIECES, max_size=30))
def test_no_word_is_lost_however_tags_are_nested(pieces: list[str]) -> None:
    words = "".join(piece for piece in pieces if not piece.startswith("<")).replace(" ", "")
    read = "".join(block.text for block in read_page("".join(pieces)).blocks)
    assert "".join(read.replace("|", "").split()) == words
