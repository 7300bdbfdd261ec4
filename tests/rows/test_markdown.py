from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows.reading import good_rows, rows_of
from textwire.errors import DataFileError
from textwire.rows.markdown import read_sections
from textwire.rows.row import BadRow, Row
from textwire.rows.sections import LONGEST_PASSAGE_CHARS, split_between_blocks

HELP = """---
author: nobody
---
Before all headings.

# Cards

<!-- not for customers -->
All about *cards*.

## How do I **block** one?

In the app:

- open it
- press `Block`

```
# no heading
```

# Fees
## Abroad

None.
"""


def test_sections_carry_the_path_of_their_headings(tmp_path: Path) -> None:
    path = tmp_path / "help.md"
    path.write_text(HELP)
    rows = rows_of(path)
    assert [row.fields["title"] for row in rows if isinstance(row, Row)] == [
        "help",
        "Cards",
        "Cards › How do I block one?",
        "Fees › Abroad",
    ]


def test_a_heading_that_asks_is_the_question(tmp_path: Path) -> None:
    path = tmp_path / "help.md"
    path.write_text(HELP)
    rows = [row for row in rows_of(path) if isinstance(row, Row)]
    assert [row.fields.get("question") for row in rows] == [
        None,
        None,
        "How do I block one?",
        None,
    ]


def test_text_stands_as_written_with_the_line_it_starts_on(tmp_path: Path) -> None:
    path = tmp_path / "help.md"
    path.write_text(HELP)
    cards, block = rows_of(path)[1:3]
    assert cards == Row(9, {"title": "Cards", "text": "All about *cards*."})
    assert isinstance(block, Row)
    assert block.fields["text"].endswith("- press `Block`\n\n```\n# no heading\n```")


def test_a_long_section_is_split_between_paragraphs(tmp_path: Path) -> None:
    paragraphs = [f"{number} " + "word " * 100 for number in range(5)]
    path = tmp_path / "help.md"
    path.write_text("# Long\n\n" + "\n\n".join(paragraphs))
    rows = [row for row in rows_of(path) if isinstance(row, Row)]
    assert [row.fields["text"].count("word") for row in rows] == [200, 200, 100]
    assert {row.fields["title"] for row in rows} == {"Long"}
    assert [row.line for row in rows] == [3, 7, 11]


def test_a_long_list_is_split_between_its_items(tmp_path: Path) -> None:
    items = [f"- {number} " + "word " * 50 + "\n  - below" for number in range(10)]
    path = tmp_path / "help.md"
    path.write_text("# Long\n\nBefore.\n\n" + "\n".join(items))
    texts = [fields["text"] for fields in good_rows(path)]
    assert len(texts) == 3
    assert texts[0].startswith("Before.\n\n- 0 word")
    assert "\n".join(texts).replace("Before.\n\n", "") == "\n".join(items)
    assert all(len(text) <= LONGEST_PASSAGE_CHARS for text in texts)


@pytest.mark.parametrize(
    "text",
    [
        "Q: Where?\nA: Here.\n\nQ: When?\nA: Now,\nor later.\n",
        "**Q:** Where?\n\n**A:** Here.\n\n**Q:** When?\n\n**A:** Now,\nor later.\n",
        "**Q: Where?**\n\nA: Here.\n\n**Q: When?**\n\nA: Now,\nor later.\n",
        "Question 1: Where?\nAnswer: Here.\n\nQuestion 2: When?\nAnswer: Now,\nor later.\n",
        "Q1. Where?\nA1. Here.\n\nQ2. When?\nA2. Now,\nor later.\n",
        "问：Where?\n答：Here.\n\n问：When?\n答：Now,\nor later.\n",
        "Frage: Where?\n\nAntwort: Here.\n\nFrage: When?\n\nAntwort: Now,\nor later.\n",
    ],
)
def test_questions_and_answers_that_are_marked_are_told_apart(tmp_path: Path, text: str) -> None:
    path = tmp_path / "help.md"
    path.write_text(f"# FAQ\n\nThe usual.\n\n{text}")
    assert good_rows(path) == [
        {"title": "FAQ", "text": "The usual."},
        {"title": "FAQ", "question": "Where?", "text": "Here."},
        {"title": "FAQ", "question": "When?", "text": "Now,\nor later."},
    ]


def test_letters_that_mark_no_questions_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "help.md"
    text = "Plan A: cheap.\n\nA: the first.\n\nB: the second."
    path.write_text(f"# Plans\n\n{text}\n")
    assert good_rows(path) == [{"title": "Plans", "text": text}]


def test_a_marked_question_without_an_answer_is_named(tmp_path: Path) -> None:
    path = tmp_path / "help.md"
    path.write_text("Q: Where?\n\nQ: When?\nA: Now.\n")
    bad, good = rows_of(path)
    assert bad == BadRow(1, "a question without an answer")
    assert good == Row(4, {"title": "help", "question": "When?", "text": "Now."})


@given(st.lists(st.lists(st.integers(1, 2 * LONGEST_PASSAGE_CHARS), max_size=6), max_size=4))
def test_no_paragraph_is_lost_or_doubled_and_no_part_too_long(lengths: list[list[int]]) -> None:
    written = [
        [f"{section}x{place}x".ljust(length, "x") for place, length in enumerate(places)]
        for section, places in enumerate(lengths)
    ]
    text = "".join(f"# H{n}\n\n" + "\n\n".join(parts) + "\n\n" for n, parts in enumerate(written))
    parts = [
        part
        for section in read_sections(text, "top")
        for part in split_between_blocks(section.blocks)
    ]
    assert [block.text for part in parts for block in part] == [p for ps in written for p in ps]
    for part in parts:
        joined = "\n\n".join(block.text for block in part)
        assert len(part) == 1 or len(joined) <= LONGEST_PASSAGE_CHARS


def test_markdown_has_no_columns_to_map(tmp_path: Path) -> None:
    path = tmp_path / "help.md"
    path.write_text(HELP)
    with pytest.raises(DataFileError, match="is Markdown"):
        rows_of(path, "text=Answer")
