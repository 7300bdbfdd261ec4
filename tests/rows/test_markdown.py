from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows.reading import rows_of
from textwire.errors import DataFileError
from textwire.rows.markdown import read_sections
from textwire.rows.row import Row
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
