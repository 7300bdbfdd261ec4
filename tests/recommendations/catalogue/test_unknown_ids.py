from textwire.recommendations.catalogue.unknown_ids import told_unknown
from textwire.recommendations.messages import Item

ITEMS = [
    Item(id=str(1000 + n), title="Book", more={"SKU": f"BK-{n}", "Type": "simple"})
    for n in range(4)
]


def test_ids_that_stand_in_another_field_are_told_with_what_to_do() -> None:
    told = told_unknown({"BK-0", "BK-1", "BK-9"}, ITEMS)
    assert told is not None
    assert told.startswith("3 of 3 item ids are not in the catalogue, such as `BK-0`, `BK-1`")
    assert told.endswith("They are its items' `SKU`: load it with `--map id=SKU`.")


def test_ids_that_are_nowhere_are_told() -> None:
    told = told_unknown({"x", "1000", "y"}, ITEMS)
    assert told is not None
    assert told.endswith("`--map item_id=COLUMN`.")


def test_a_few_that_are_gone_are_no_matter() -> None:
    assert told_unknown({"1000", "1001", "x"}, ITEMS) is None
    assert told_unknown(set(), ITEMS) is None


def test_without_a_catalogue_nothing_is_said() -> None:
    assert told_unknown({"x"}, []) is None
