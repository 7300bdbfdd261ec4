"""Names of data files."""

from pathlib import Path

from pipelines.training_data.data_files import by_path


def test_files_of_one_name_in_two_folders_are_told_apart(tmp_path: Path) -> None:
    old, new = tmp_path / "old" / "rows.csv", tmp_path / "new" / "rows.csv"
    assert by_path(old, new) == {"old/rows.csv": old, "new/rows.csv": new}


def test_names_are_the_same_wherever_the_folder_stands(tmp_path: Path) -> None:
    def named(folder: Path) -> list[str]:
        return list(by_path(folder / "items.csv", folder / "log" / "events.csv"))

    assert named(tmp_path) == named(tmp_path / "elsewhere") == ["items.csv", "log/events.csv"]


def test_a_file_alone_is_called_as_it_is(tmp_path: Path) -> None:
    assert list(by_path(tmp_path / "log" / "events.csv")) == ["events.csv"]


def test_it_does_not_matter_how_a_path_is_written(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    both = by_path(Path("log/../items.csv"), tmp_path / "log" / "events.csv")
    assert list(both) == ["items.csv", "log/events.csv"]
