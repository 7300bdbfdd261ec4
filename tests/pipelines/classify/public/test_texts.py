"""Parts of public sets, as others measure on them."""

import gzip
import json
from pathlib import Path

import pytest

from pipelines.classify.public.texts import PublicTexts, mod_apte
from textwire.errors import DataError


def write_reuters(folder: Path, stories: list[dict[str, object]]) -> Path:
    (folder / "reuters21578").mkdir()
    for part in (1, 2):
        with gzip.open(folder / f"reuters21578/reuters21578_part{part}.jsonl.gz", "wt") as lines:
            lines.writelines(json.dumps(story) + "\n" for story in stories[part - 1 :: 2])
    return folder


def story(split: str, topics: list[str], title: str, attribute: str = "YES") -> dict[str, object]:
    return {"lewissplit": split, "topics_attr": attribute, "topics": topics, "title": title}


def test_topics_of_one_part_alone_are_left_out_with_the_stories_of_nothing_else(
    tmp_path: Path,
) -> None:
    stories = [
        story("TRAIN", ["earn", "rare"], "a"),
        story("TRAIN", ["rare"], "b"),
        story("TEST", ["earn"], "c"),
        story("TEST", [], "d"),
        story("NOT-USED", ["earn"], "e"),
        story("TRAIN", ["earn"], "f", "NO"),
    ]
    train, test = mod_apte(write_reuters(tmp_path, stories))
    assert [(text.text, set(text.classes)) for text in train] == [("a", {"earn"})]
    assert [text.text for text in test] == ["c"]


def test_what_thresholds_are_chosen_on_is_of_the_training_part(tmp_path: Path) -> None:
    both = [
        story(split, [("earn", "acq")[n % 2]], f"{split} {n}")
        for split in ("TRAIN", "TEST")
        for n in range(100)
    ]
    source = PublicTexts("reuters21578", write_reuters(tmp_path, both), rows=80, test_rows=30)
    data = source.read()
    assert {len(data.train), len(data.held_out)} == {72, 8}
    assert all(text.text.startswith("TRAIN") for text in (*data.train, *data.held_out))
    assert not {t.text for t in data.train} & {t.text for t in data.held_out}
    assert len(source.test()) == 30
    assert source.test() == source.test()


def test_a_set_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read as Reuters-21578"):
        mod_apte(tmp_path)
