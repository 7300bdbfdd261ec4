from __future__ import annotations

from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.cli.conftest import Command
from textwire.stream.clients.reading import read_to_end
from textwire.stream.clients.sender import Sender
from textwire.support_qa.messages import Passage
from textwire.wire.record import OutgoingRecord

HELP = "# Cards\n\nAll about cards.\n\n# Fees\n\nFive.\n\n# Pots\n\nNone.\n"


def known(textwire: Command, source: str) -> dict[str, Passage]:
    listed = textwire("knowledge", "list", "--json", "--source", source)
    assert listed.exit_code == 0, listed.output
    passages = [msgspec.json.decode(line, type=Passage) for line in listed.stdout.splitlines()]
    return {passage.text: passage for passage in passages}


def written() -> int:
    return sum(1 for _ in read_to_end("support.knowledge"))


@pytest.fixture
def path(tmp_path: Path, unique_name: str) -> Path:
    path = tmp_path / f"{unique_name}.md"
    path.write_text(HELP)
    return path


def test_what_is_loaded_bears_its_files_name(textwire: Command, path: Path) -> None:
    assert textwire("knowledge", "load", path).exit_code == 0
    assert set(known(textwire, path.name)) == {"All about cards.", "Five.", "None."}
    assert path.name in textwire("knowledge", "list", "--source", path.name).stdout


def test_an_edited_file_is_followed(textwire: Command, path: Path) -> None:
    first = textwire("knowledge", "sync", path)
    assert first.stdout == f"Synced `{path.name}`: 3 added, 0 changed, 0 removed, 0 unchanged.\n"
    before = known(textwire, path.name)
    path.write_text(
        "# New\n\nAbove.\n\n" + HELP.replace("Five.", "Six.").replace("# Pots\n\nNone.", "")
    )
    count = written()
    second = textwire("knowledge", "sync", path)
    assert second.stdout == f"Synced `{path.name}`: 1 added, 1 changed, 1 removed, 1 unchanged.\n"
    after = known(textwire, path.name)
    assert set(after) == {"Above.", "All about cards.", "Six."}
    assert after["All about cards."] == before["All about cards."]
    assert written() == count + 2 + 2  # two sent, and two that are gone


def test_what_two_files_have_alike_stays_when_one_lets_it_go(textwire: Command, path: Path) -> None:
    other = path.with_name(f"{path.stem}-other.md")
    other.write_text(HELP)
    textwire("knowledge", "sync", path, other)
    other.write_text("# Loans\n\nFrom 5.4 %.\n")
    assert "1 added, 0 changed, 3 removed" in textwire("knowledge", "sync", other).stdout
    assert "0 added, 0 changed, 0 removed, 3 unch" in textwire("knowledge", "sync", path).stdout


def test_a_second_sync_writes_nothing(textwire: Command, path: Path) -> None:
    textwire("knowledge", "sync", path)
    count = written()
    again = textwire("knowledge", "sync", path)
    assert again.stdout == f"Synced `{path.name}`: 0 added, 0 changed, 0 removed, 3 unchanged.\n"
    assert written() == count


def test_a_dry_run_names_what_would_change_and_writes_nothing(
    textwire: Command, path: Path
) -> None:
    textwire("knowledge", "sync", path)
    path.write_text(HELP.replace("Five.", "Six.").replace("# Pots\n\nNone.", "# More\n\nMuch."))
    count = written()
    told = textwire("knowledge", "sync", path, "--dry-run").stdout
    assert written() == count
    assert "1 added, 1 changed, 1 removed, 1 unchanged" in told
    signs = {line[0]: line.split("  ")[-1] for line in told.splitlines()[:-1]}
    assert signs == {"+": "More", "~": "Fees", "-": "Pots"}


def test_a_source_may_be_named_and_others_stay(textwire: Command, path: Path) -> None:
    name = f"{path.stem} help"
    textwire("knowledge", "sync", path, "--source", name)
    other = path.with_name(f"{path.stem}-other.md")
    other.write_text("# Loans\n\nFrom 5.4 %.\n")
    textwire("knowledge", "sync", other)
    renamed = path.rename(path.with_name("renamed.md"))
    again = textwire("knowledge", "sync", renamed, "--source", name)
    assert "0 added, 0 changed, 0 removed, 3 unchanged" in again.stdout
    assert len(known(textwire, other.name)) == 1


def test_a_bad_row_keeps_a_sync_back(textwire: Command, path: Path) -> None:
    table = path.with_suffix(".csv")
    table.write_text("Question,Answer\na?,A\nb?,B\n")
    textwire("knowledge", "sync", table)
    table.write_text("Question,Answer\na?,A\nb?,\n")
    refused = textwire("knowledge", "sync", table)
    assert refused.exit_code == 1
    assert "line 3: `text` is empty" in refused.stderr
    assert set(known(textwire, table.name)) == {"A", "B"}
    taken = textwire("knowledge", "sync", table, "--skip-bad")
    assert "Passed over 1 bad of 2 rows" in taken.stderr
    assert set(known(textwire, table.name)) == {"A"}


def test_an_empty_file_removes_nothing(textwire: Command, path: Path) -> None:
    textwire("knowledge", "sync", path)
    path.write_text("\n")
    assert "There is no passage in it" in textwire("knowledge", "sync", path).stderr
    assert len(known(textwire, path.name)) == 3


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "jsonl"])
def test_what_is_exported_syncs_without_a_change(
    textwire: Command, path: Path, tmp_path: Path, ending: str
) -> None:
    textwire("knowledge", "sync", path)
    out = tmp_path / f"out.{ending}"
    exported = textwire("knowledge", "export", out, "--source", path.name)
    assert exported.stdout == f"Wrote 3 passages to {out}.\n"
    assert "0 added, 0 changed, 0 removed, 3 unchanged" in textwire("knowledge", "sync", out).stdout
    again = textwire("knowledge", "export", out, "--source", path.name)
    assert "Overwrite it with --force" in again.stderr
    forced = textwire("knowledge", "export", out, "--source", path.name, "--force")
    assert forced.exit_code == 0


def test_removing_by_source_asks_first(textwire: Command, path: Path) -> None:
    textwire("knowledge", "sync", path)
    asked = textwire("knowledge", "remove", "--source", path.name, stdin="n\n")
    assert asked.exit_code == 1
    assert f"Remove 3 passages of source `{path.name}`?" in asked.stderr
    assert len(known(textwire, path.name)) == 3
    removed = textwire("knowledge", "remove", "--source", path.name, stdin="y\n")
    assert removed.stdout == f"Removed 3 passages of source `{path.name}`.\n"
    assert known(textwire, path.name) == {}


def test_removing_by_tag_takes_what_has_it(textwire: Command, path: Path, unique_name: str) -> None:
    table = path.with_suffix(".csv")
    table.write_text(f"text,tags\nA,{unique_name}; x\nB,y\nC,{unique_name}\n")
    textwire("knowledge", "load", table)
    listed = textwire("knowledge", "list", "--tag", unique_name, "--json")
    assert len(listed.stdout.splitlines()) == 2
    removed = textwire("knowledge", "remove", "--source", table.name, "--tag", unique_name, "--yes")
    assert removed.stdout.startswith("Removed 2 passages of source")
    assert set(known(textwire, table.name)) == {"B"}


def test_removing_all_takes_what_cannot_be_read_too(textwire: Command, path: Path) -> None:
    textwire("knowledge", "load", path)
    with closing(Sender("test")) as sender:
        sender.write([OutgoingRecord("support.knowledge", path.stem.encode(), b"{")])
    assert textwire("knowledge", "remove", "--all", "--yes").exit_code == 0
    listed = textwire("knowledge", "list")
    assert listed.stdout.startswith("Nothing is known yet.")
    assert "cannot be read" not in listed.stderr
    nothing = textwire("knowledge", "remove", "--all", "--yes")
    assert "There is no passage, so nothing was removed." in nothing.stderr


@pytest.mark.parametrize("words", [(), ("an-id", "--all"), ("--all", "--tag", "x")])
def test_what_to_remove_is_said_in_one_way(offline: Command, words: tuple[str, ...]) -> None:
    told = offline("knowledge", "remove", *words)
    assert told.exit_code == 2
    assert "Name ids, or --source or --tag or both, or --all." in told.stderr


def test_who_brings_passages_is_told_that_the_samples_answer_too(
    textwire: Command, path: Path
) -> None:
    (sample := path.with_suffix(".jsonl")).write_text(
        '{"id": "sample-bank-1", "text": "In the app."}'
    )
    try:
        textwire("knowledge", "load", sample, "--source", "samples")
        told = textwire("knowledge", "sync", path).stderr
        assert "answer customers too" in told
        assert "`textwire knowledge remove --source samples`" in told
    finally:
        textwire("knowledge", "remove", "--source", "samples", "--yes")
    assert "samples" not in textwire("knowledge", "sync", path).stderr
