from __future__ import annotations

import os

import numpy as np
import pytest

from tests.recommendations.shop import BREAD, ITEMS, PAN, TENT, unit_vectors
from textwire.errors import SettingsError
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.lists.rules import Rule, Rules, RulesFile, read_rules

WRITTEN = """
pin:
  - ids: [tent]
    modes: [for_user]
block:
  - where: {category: kitchen}
boost:
  - where: {tags: sourdough, price: {max: 30}}
    by: 3
"""


def test_rules_are_read_from_a_file(tmp_path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(WRITTEN, encoding="utf-8")
    rules = read_rules(path)
    index = ItemIndex.empty(16).changed(ITEMS, unit_vectors(3))
    assert rules.pinned(index, "for_user") == ["tent"]
    assert rules.pinned(index, "similar") == []
    assert [rules.blocks(item, "for_user") for item in (BREAD, TENT, PAN)] == [False, False, True]
    boosted = rules.boosted(ITEMS, "for_user", np.array([0.1, 0.1, 0.1], dtype=np.float32))
    assert boosted == pytest.approx([0.3, 0.1, 0.1])


def test_nothing_is_boosted_above_one() -> None:
    rules = Rules(boost=(Rule(ids=("bread",), by=50.0),))
    assert rules.boosted([BREAD], "for_user", np.array([0.9], dtype=np.float32)) == [1.0]


def test_a_rule_that_pins_by_what_items_have_pins_a_few() -> None:
    index = ItemIndex.empty(16).changed(ITEMS, unit_vectors(3))
    sourdough = Rule(where={"tags": "sourdough"})
    assert len(Rules(pin=(sourdough,)).pinned(index, "for_user")) == 1


@pytest.mark.parametrize(
    "written",
    ["pin: [{modes: [for_user]}]", "boost: [{ids: [a], by: 0}]", "hide: []", "[", "pin: 1"],
)
def test_what_are_no_rules_is_refused_with_the_file_named(tmp_path, written) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"rules\.yaml does not hold rules"):
        read_rules(path)


def test_a_file_that_is_written_again_is_read_again_and_a_broken_one_changes_nothing(
    tmp_path,
) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("block: [{ids: [pan]}]", encoding="utf-8")
    rules = RulesFile(path)
    assert rules.now.blocks(PAN, "for_user")
    path.write_text("block: [{ids: [tent]}]", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    rules.look()
    assert (rules.now.blocks(PAN, "for_user"), rules.now.blocks(TENT, "for_user")) == (False, True)
    path.write_text("block: 7", encoding="utf-8")
    os.utime(path, ns=(2, 2))
    with pytest.raises(SettingsError):
        rules.look()
    assert rules.now.blocks(TENT, "for_user")
    path.unlink()
    with pytest.raises(SettingsError, match="cannot be read"):
        rules.look()


def test_without_a_file_there_are_no_rules() -> None:
    assert RulesFile(None).now == Rules()
