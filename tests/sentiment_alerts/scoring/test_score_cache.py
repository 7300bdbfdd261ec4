"""What was read once is not read again, and is the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.article_scorers import COMPANIES, article, at, quiet_day, reader
from textwire.errors import DataError
from textwire.sentiment_alerts.scoring.score_cache import CachedScorer

NEWS = quiet_day(hours=3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "scores" / "sentiment.sqlite"


@pytest.fixture
def scorer(path: Path) -> Iterator[CachedScorer]:
    with closing(CachedScorer(reader(), path)) as scorer:
        yield scorer


def test_what_was_kept_is_what_would_be_read(scorer: CachedScorer, path: Path) -> None:
    first = scorer.read(NEWS)
    assert first == reader().read(NEWS)
    with closing(CachedScorer(reader(), path)) as again:
        assert again.read(NEWS) == first
        assert again.read_anew == 0


def test_an_article_of_the_same_text_has_its_own_id_time_and_source(scorer: CachedScorer) -> None:
    scorer.read(NEWS[:1])
    other = replace(NEWS[0], id="another", published_at=at(9), source="Halden Press")
    (scored,) = scorer.read([other])
    assert scorer.read_anew == 1
    assert scored == reader().read([other])[0]


def test_a_batch_may_be_known_in_part(scorer: CachedScorer) -> None:
    scorer.read(NEWS[::2])
    assert scorer.read(NEWS) == reader().read(NEWS)
    assert scorer.read_anew == len(NEWS)


def test_with_another_watchlist_all_is_read_anew(scorer: CachedScorer, path: Path) -> None:
    scorer.read(NEWS)
    with closing(CachedScorer(reader(COMPANIES[:1]), path)) as other:
        assert other.read(NEWS) == reader(COMPANIES[:1]).read(NEWS)
        assert other.read_anew == len(NEWS)


def test_another_body_is_another_content(scorer: CachedScorer) -> None:
    one = article(1, at(1))
    scorer.read([one, replace(one, id="b", body="Northmere strike over pay goes on")])
    assert scorer.read_anew == 2


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "scores.sqlite"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with pytest.raises(DataError, match="Delete the file"):
        CachedScorer(reader(), path)
