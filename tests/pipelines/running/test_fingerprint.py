from datetime import UTC, datetime

from pipelines.running.fingerprint import derived_version_name, fingerprint, version_name

MADE_FROM = {
    "data": {"a.csv": "1", "b.csv": "2"},
    "columns": ("text=body",),
    "base": "base",
    "settings": {"epochs": 3, "rate": 0.1},
    "code": "code",
}


def test_the_order_of_names_does_not_matter_and_every_value_does() -> None:
    first = fingerprint(**MADE_FROM)
    turned = {
        "data": {"b.csv": "2", "a.csv": "1"},
        "settings": {"rate": 0.1, "epochs": 3},
    }
    assert fingerprint(**MADE_FROM | turned) == first
    changes = {
        "data": {"a.csv": "1", "b.csv": "3"},
        "columns": ("text=title",),
        "base": "other",
        "settings": {"epochs": 4, "rate": 0.1},
        "code": "changed",
    }
    others = {fingerprint(**MADE_FROM | {name: value}) for name, value in changes.items()}
    assert len(others | {first}) == 6


def test_the_same_content_under_another_name_is_something_else() -> None:
    others = [{"a.csv": "1", "b.csv": "1"}, {"a.csv": "1"}, {"x/a.csv": "1", "y/a.csv": "1"}]
    assert len({fingerprint(**MADE_FROM | {"data": data}) for data in others}) == 3


def test_names_of_versions_sort_by_time() -> None:
    times = [datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)]
    names = [version_name(time, "abcdef0123") for time in times]
    assert names == sorted(names)
    assert names[0] == "20260102T030405Z-abcdef01"


def test_what_is_made_of_a_version_within_its_second_has_another_name() -> None:
    time = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    parent = version_name(time, "abcdef0123")
    risks = [{"max_risk": 0.05}, {"max_risk": 0.1}]
    children = [derived_version_name(time, parent, risk) for risk in risks]
    grandchild = derived_version_name(time, children[0], risks[0])
    assert len({parent, *children, grandchild}) == 4
    assert all(name.startswith("20260102T030405Z-") for name in children)
