from textwire.recommendations.catalogue.unknown_ids import told_unknown
from textwire.recommendations.messages import Item

ITEMS = [
    Item(id=str(1000 + n), title="Book", more={"SKU": f"BK-{n}", "Type": "simple"})
    for n in range(4)
]


def test_ids_that_stand_in_another_field_are_told_with_what_to_do() -> None:
    told = told_unknown({"BK-0": 5, "BK-1": 1, "BK-9": 1}, ITEMS)
    assert told is not None
    assert told.startswith("3 of 3 item ids are not in the catalogue, such as `BK-0`, `BK-1`")
    assert told.endswith("They are its items' `SKU`: load it with `--map id=SKU`.")


def test_ids_that_are_nowhere_are_told() -> None:
    told = told_unknown({"x": 1, "1000": 1, "y": 1}, ITEMS)
    assert told is not None
    assert told.endswith("`--map item_id=COLUMN`.")


def test_a_few_that_are_gone_are_counted() -> None:
    assert told_unknown({"1000": 8, "1001": 1, "x": 2}, ITEMS) == (
        "2 of 11 events are about items that are not in the catalogue, such as `x`. Nothing is "
        "learned from them until these are."
    )
    assert told_unknown({"1000": 1}, ITEMS) is None
    assert told_unknown({}, ITEMS) is None


def test_without_a_catalogue_nothing_is_said() -> None:
    assert told_unknown({"x": 1}, []) is None
