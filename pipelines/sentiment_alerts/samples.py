"""What ships with the project: the sample world's news, headlines of all kinds, and the topics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.sentiment_alerts.data import NewsData
from pipelines.sentiment_alerts.events.corpus import files_of, has_corpus, read_corpus
from pipelines.sentiment_alerts.rows import ReadingArticles, read_articles
from pipelines.sentiment_alerts.sentfin import FILE as SENTFIN
from pipelines.sentiment_alerts.sentfin import NOTICE, read_sentfin, split_sentfin
from pipelines.training_data.data_files import by_path, read_messages
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.watchlist import read_watchlist
from textwire.wire.message import Message

NAMES = ("articles", "headlines", "topics", "watchlist")


class TopicRow(Message, frozen=True):
    """A topic that an article can have."""

    topic: str
    about: str = ""


@dataclass(frozen=True)
class SampleNews:
    """A source of data: `articles`, `headlines`, `topics` and `watchlist`.jsonl of a folder.

    A head of events is learned from `events` and `headline_events`, where the folder has them.

    public  a folder of public data sets, of which SEntFiN's headlines are learned from too: its
            train part, calibrated on its middle tenth. The last tenth is not read.
    """

    folder: Path
    public: Path | None = None

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its path in its folder."""
        own = by_path(*(self.folder / f"{name}.jsonl" for name in NAMES))
        own |= files_of(self.folder) if has_corpus(self.folder) else {}
        return own | ({SENTFIN: self.public / SENTFIN} if self.public else {})

    def read(self) -> NewsData:
        """All of it, checked.

        Raises: DataError, DataFileError: files or rows are wrong.
        """
        paths = {name: self.folder / f"{name}.jsonl" for name in NAMES}
        rows = read_messages(paths["topics"], TopicRow)
        topics, about = tuple(row.topic for row in rows), {row.topic: row.about for row in rows}
        world, headlines = (
            read_articles(paths[name], ReadingArticles(topics)) for name in NAMES[:2]
        )
        train, held_out = [*world.train, *headlines.train], [*world.held_out, *headlines.held_out]
        if self.public:
            sentfin = split_sentfin(read_sentfin(self.public / SENTFIN))
            train += sentfin.train
            held_out += sentfin.valid
        linker = Linker(read_watchlist(paths["watchlist"]))
        repeated = world.repeated + headlines.repeated
        notices = (NOTICE,) if self.public else ()
        events = read_corpus(self.folder) if has_corpus(self.folder) else None
        data = NewsData(topics, train, held_out, linker, repeated, notices, about, events)
        return data.checked()
