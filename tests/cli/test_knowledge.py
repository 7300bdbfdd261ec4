from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.cli.conftest import Command
from textwire.stream.clients.reading import read_to_end
from textwire.stream.clients.sender import Sender
from textwire.support_qa.messages import Passage
from textwire.wire.record import OutgoingRecord


def known_texts(textwire: Command, prefix: str) -> list[str]:
    listed = textwire("knowledge", "list", "--json")
    assert listed.exit_code == 0
    passages = [msgspec.json.decode(line, type=Passage) for line in listed.stdout.splitlines()]
    return [passage.text for passage in passages if passage.id.startswith(prefix)]


def test_a_table_is_loaded_and_listed(textwire: Command, tmp_path: Path, unique_name: str) -> None:
    path = tmp_path / "faq.csv"
    path.write_text("Question,Answer\nWhere?,Here.\nWhen?,Now.\nWhere?,Here.\n")
    loaded = textwire(
        *("knowledge", "load", path, "--id-prefix", unique_name),
        *("--map", "question=Question", "--map", "text=Answer"),
    )
    assert loaded.exit_code == 0, loaded.output
    assert loaded.stdout == "Loaded 2 passages; 1 exact repeat was left out.\n"
    assert sorted(known_texts(textwire, unique_name)) == ["Here.", "Now."]


def test_an_excel_file_needs_no_map(textwire: Command, tmp_path: Path, unique_name: str) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes("sep=;\r\nFrage;Antwort\r\nWo?;Hier, schön.\r\n".encode("cp1252"))
    loaded = textwire("knowledge", "load", path, "--id-prefix", unique_name)
    assert loaded.exit_code == 0, loaded.output
    assert "`question` is read from `Frage`, `text` is read from `Antwort`" in loaded.stderr
    assert "is read as Windows-1252" in loaded.stderr
    assert known_texts(textwire, unique_name) == ["Hier, schön."]


def test_loading_twice_changes_nothing(textwire: Command, tmp_path: Path, unique_name: str) -> None:
    path = tmp_path / "help.md"
    path.write_text("# Cards\n\nAll about cards.\n\n# Fees\n\nNone.\n")
    for _ in range(2):
        assert textwire("knowledge", "load", path, "--id-prefix", unique_name).exit_code == 0
    assert sorted(known_texts(textwire, unique_name)) == ["All about cards.", "None."]


def test_what_is_listed_can_be_loaded_again(
    textwire: Command, tmp_path: Path, unique_name: str
) -> None:
    first = tmp_path / "first.jsonl"
    first.write_text(f'{{"id": "{unique_name}", "text": "é", "tags": ["a"], "url": "u"}}\n')
    assert textwire("knowledge", "load", first).exit_code == 0
    second = tmp_path / "second.jsonl"
    listed = textwire("knowledge", "list", "--json").stdout
    second.write_text(next(line for line in listed.splitlines() if unique_name in line))
    assert msgspec.json.decode(second.read_bytes()) == msgspec.json.decode(first.read_bytes()) | {
        "source": "first.jsonl"
    }


def test_removed_passages_are_gone(textwire: Command, tmp_path: Path, unique_name: str) -> None:
    path = tmp_path / "faq.jsonl"
    rows = [{"id": f"{unique_name}-{n}", "text": str(n)} for n in range(3)]
    path.write_bytes(b"\n".join(msgspec.json.encode(row) for row in rows))
    textwire("knowledge", "load", path)
    removed = textwire("knowledge", "remove", f"{unique_name}-0", f"{unique_name}-2")
    assert removed.stdout == "Removed 2 passages.\n"
    assert known_texts(textwire, unique_name) == ["1"]


def test_removing_what_is_not_there_removes_nothing(
    textwire: Command, tmp_path: Path, unique_name: str
) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text(f'{{"id": "{unique_name}", "text": "x"}}\n')
    textwire("knowledge", "load", path)
    removed = textwire("knowledge", "remove", unique_name, "no-such-passage")
    assert removed.exit_code == 1
    assert "There is no passage no-such-passage, so nothing was removed." in removed.stderr
    assert known_texts(textwire, unique_name) == ["x"]


def test_a_passage_whose_key_and_id_differ_is_listed_and_removed_by_its_key(
    textwire: Command, unique_name: str
) -> None:
    write(unique_name, b'{"id": "another", "text": "x"}')
    assert known_texts(textwire, unique_name) == ["x"]
    assert textwire("knowledge", "remove", unique_name).stdout == "Removed 1 passage.\n"
    assert known_texts(textwire, unique_name) == []
    assert last_value(unique_name) is None


def test_what_cannot_be_read_leaves_the_passage_and_is_counted(
    textwire: Command, unique_name: str
) -> None:
    before = unreadable(textwire)
    write(unique_name, b'{"id": "x", "text": "good"}')
    for value in (b"", b'{"id": "x", "text": ""}', b'{"id": "x", "text": " "}', b"{"):
        write(unique_name, value)
        assert known_texts(textwire, unique_name) == ["good"]
        assert unreadable(textwire) == before + 1  # one key, however often
    textwire("knowledge", "remove", unique_name)
    assert known_texts(textwire, unique_name) == []
    assert unreadable(textwire) == before


def test_what_cannot_be_read_and_never_could_is_removed_too(
    textwire: Command, unique_name: str
) -> None:
    before = unreadable(textwire)
    write(unique_name, b"{")
    assert unreadable(textwire) == before + 1
    assert textwire("knowledge", "remove", unique_name).exit_code == 0
    assert unreadable(textwire) == before


def write(key: str, value: bytes) -> None:
    with closing(Sender("test")) as sender:
        sender.write([OutgoingRecord("support.knowledge", key.encode(), value)])


def last_value(key: str) -> bytes | None:
    records = read_to_end("support.knowledge")
    return [record.value for record in records if record.key == key.encode()][-1]


def unreadable(textwire: Command) -> int:
    told = re.search(r"([\d,]+) records? cannot be read", textwire("knowledge", "list").stderr)
    return int(told[1].replace(",", "")) if told else 0


def test_one_bad_row_keeps_everything_back(
    textwire: Command, tmp_path: Path, unique_name: str
) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text('{"text": "good"}\n{"text": 5}\nnonsense\n')
    loaded = textwire("knowledge", "load", path, "--id-prefix", unique_name)
    assert loaded.exit_code == 1
    assert "2 rows cannot be used, so nothing was sent" in loaded.stderr
    assert f"{path}, line 2: `text`: expected `str`, got `int`" in loaded.stderr
    assert f"{path}, line 3: it is not JSON" in loaded.stderr
    assert "--skip-bad" in loaded.stderr
    assert known_texts(textwire, unique_name) == []


def test_good_rows_are_loaded_alone_when_asked_for(
    textwire: Command, tmp_path: Path, unique_name: str
) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text('{"text": "good"}\n{"text": 5}\n')
    loaded = textwire("knowledge", "load", path, "--id-prefix", unique_name, "--skip-bad")
    assert loaded.exit_code == 0
    assert "line 2" in loaded.stderr
    assert known_texts(textwire, unique_name) == ["good"]


def test_one_id_in_two_files_names_both_places(
    textwire: Command, tmp_path: Path, unique_name: str
) -> None:
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for path in paths:
        path.write_text(f'\n{{"id": "{unique_name}", "text": "{path.name}"}}\n')
    loaded = textwire("knowledge", "load", *paths)
    assert loaded.exit_code == 1
    told = f"{paths[1]}, line 2: its id `{unique_name}` stands at {paths[0]}, line 2"
    assert told in loaded.stderr


def test_more_passages_than_fit_one_group_keep_their_order(
    textwire: Command, tmp_path: Path, unique_name: str
) -> None:
    path = tmp_path / "faq.csv"
    rows = "".join(f"{n:04d},text {n}\n" for n in range(1_234))
    path.write_text(f"id,text\n{rows}")
    assert textwire("knowledge", "load", path, "--id-prefix", unique_name).exit_code == 0
    prefix = unique_name.encode()
    records = read_to_end("support.knowledge")
    keys = [record.key for record in records if (record.key or b"").startswith(prefix)]
    assert keys == [f"{unique_name}{n:04d}".encode() for n in range(1_234)]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("missing.csv", None, "There is no file"),
        ("empty.csv", b"", "is empty"),
        ("blank.jsonl", b"\n\n", "There is no passage in it"),
        ("heading.csv", b"text\n", "There is no passage in it"),
        ("faq.csv", b"Query,Value\nx,y\n", "Its columns are `Query`, `Value`"),
        ("faq.csv", b"Answer,Antwort\nx,y\n", "`Answer`, `Antwort` may each hold `text`"),
        ("faq.odt", b"x", "its form is not known"),
        ("faq.xlsx", b"x", "is no Excel workbook"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_one_clear_message(
    offline: Command, tmp_path: Path, name: str, content: bytes | None, told: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    loaded = offline("knowledge", "load", path)
    assert loaded.exit_code == 1
    assert told in loaded.stderr
    assert "Traceback" not in loaded.output


def test_without_a_broker_it_says_where_to_look(
    offline: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    path = tmp_path / "faq.jsonl"
    path.write_text('{"text": "good"}\n')
    loaded = offline("knowledge", "load", path)
    assert loaded.exit_code == 1
    assert "Kafka does not answer" in loaded.stderr
    assert "textwire status" in loaded.stderr
