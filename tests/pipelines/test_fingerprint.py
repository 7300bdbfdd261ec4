from datetime import UTC, datetime

from pipelines.fingerprint import fingerprint, version_name


def test_the_order_of_names_does_not_matter_and_every_value_does() -> None:
    first = fingerprint({"a": "1", "b": "2"}, "base", {"epochs": 3, "rate": 0.1})
    assert first == fingerprint({"b": "2", "a": "1"}, "base", {"rate": 0.1, "epochs": 3})
    others = {
        fingerprint({"a": "1", "b": "3"}, "base", {"epochs": 3, "rate": 0.1}),
        fingerprint({"a": "1", "b": "2"}, "other", {"epochs": 3, "rate": 0.1}),
        fingerprint({"a": "1", "b": "2"}, "base", {"epochs": 4, "rate": 0.1}),
    }
    assert len(others | {first}) == 4


def test_names_of_versions_sort_by_time() -> None:
    times = [datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)]
    names = [version_name(time, "abcdef0123") for time in times]
    assert names == sorted(names)
    assert names[0] == "20260102T030405Z-abcdef01"
