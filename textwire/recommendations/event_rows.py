"""What a row of a log says of an event beside its fields: what came back, and which order it is of.

Exports of shops have an order's state and quantities in columns of their own: one of -1 is a
return, and an order that was called off is no purchase. A row that no list could learn from is
refused where it is read, with its line, and not by the service behind the sender's back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from textwire.errors import RecordRejected
from textwire.recommendations.column_names import BASKET_COLUMNS, QUANTITIES, STATES
from textwire.rows.kinds import plain
from textwire.rows.numbers import as_number

if TYPE_CHECKING:
    from textwire.recommendations.messages import EventKind

ABOUT_AN_ITEM: frozenset[EventKind] = frozenset(
    {
        "impression",
        "view",
        "click",
        "add_to_cart",
        "remove_from_cart",
        "purchase",
        "return",
        "like",
        "share",
        "rating",
        "dislike",
    }
)
IN_WORDS: frozenset[EventKind] = frozenset({"comment", "search"})

QUANTITY, STATE, BASKET = "quantity", "state", "basket"
SAID = {
    QUANTITY: "how many were bought, or sent back",
    STATE: "what became of an order",
    BASKET: "which rows are of one order",
}
_COLUMNS = {QUANTITY: QUANTITIES, STATE: STATES, BASKET: BASKET_COLUMNS}
# Shopify has an order's number in `Name`, which elsewhere is an item's.
_NUMBER_OF_ORDER, _LINE_OF_ORDER = "name", "lineitemname"
_SENT_BACK = frozenset(map(plain, ("refunded", "returned", "retourniert", "erstattet", "已退款")))
_CALLED_OFF = frozenset(
    map(
        plain,
        (
            *("cancelled", "canceled", "voided", "failed", "declined", "expired", "storniert"),
            *("abgebrochen", "annulé", "cancelado", "已取消"),
        ),
    )
)


def columns_beside(names: Iterable[str]) -> dict[str, str]:
    """Columns that say more of a row than its fields hold, by what they say."""
    called: dict[str, str] = {}
    for name in names:
        called.setdefault(plain(name), name)
    found = {
        what: next((called[plain(one)] for one in known if plain(one) in called), None)
        for what, known in _COLUMNS.items()
    }
    if _LINE_OF_ORDER in called:
        found[BASKET] = found[BASKET] or called.get(_NUMBER_OF_ORDER)
    return {what: name for what, name in found.items() if name is not None}


def settled_event(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A row's fields, its kind as the columns beside them tell.

    Raises: RecordRejected: nothing was bought, or it says nothing that a list could learn from.
    """
    event = {name: value for name, value in fields.items() if name not in SAID}
    if event.get("kind") == "purchase":
        event["kind"] = _kind_of_purchase(fields.get(QUANTITY), fields.get(STATE))
    kind = event.get("kind")
    if kind in ABOUT_AN_ITEM and not event.get("item_id"):
        raise RecordRejected(f"`item_id` is empty, and {kind} says nothing without it")
    if kind in IN_WORDS and not str(event.get("text") or "").strip():
        raise RecordRejected(f"`text` is empty, and {kind} says nothing without it")
    return event


def _kind_of_purchase(quantity: Any, state: Any) -> EventKind:
    said = plain(str(state or ""))
    if said in _CALLED_OFF:
        raise RecordRejected(f"the order is {str(state).strip()}, so nothing was bought")
    count = _counted(quantity)
    if count == 0.0:
        raise RecordRejected("its quantity is 0, so nothing was bought")
    return "return" if said in _SENT_BACK or (count is not None and count < 0.0) else "purchase"


def _counted(quantity: Any) -> float | None:
    """How many, where it says so."""
    if isinstance(quantity, str):
        try:
            return as_number(quantity)
        except RecordRejected:
            return None
    is_number = isinstance(quantity, int | float) and not isinstance(quantity, bool)
    return float(quantity) if is_number else None
