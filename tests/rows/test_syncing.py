from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from textwire.rows.screening import as_named
from textwire.rows.syncing import SyncPlan, fingerprint, plan_sync
from textwire.support_qa.messages import Passage

FAQ = "faq.md"


def row(heading: str | None, text: str, own_id: str | None = None, source: str = FAQ) -> Passage:
    fields = {"question": heading, "text": text, "id": own_id, "source": source}
    return as_named({name: held for name, held in fields.items() if held is not None}, Passage)


def synced(
    wanted: Iterable[Passage], known: Mapping[str, Passage], source: str = FAQ
) -> tuple[dict[str, Passage], SyncPlan[Passage]]:
    """What is known afterwards."""
    by_id = {passage.id: passage for passage in wanted}
    prints = {own_id: fingerprint(passage) for own_id, passage in by_id.items()}
    plan = plan_sync(prints, known.values(), {source})
    sent = {own_id: by_id[own_id] for own_id in plan.sent}
    after = {key: held for key, held in (known | sent).items() if key not in plan.deleted}
    return after, plan


def counts(plan: SyncPlan[Passage]) -> tuple[int, int, int, int]:
    return len(plan.added), len(plan.changed), len(plan.removed), plan.unchanged


def test_an_edited_section_replaces_the_old_one() -> None:
    known, _ = synced([row("Fees", "Five."), row("Cards", "Gold.")], {})
    after, plan = synced([row("Fees", "Six."), row("Cards", "Gold.")], known)
    assert counts(plan) == (0, 1, 0, 1)
    assert sorted(passage.text for passage in after.values()) == ["Gold.", "Six."]


def test_what_is_gone_is_removed_and_other_sources_stay() -> None:
    other = row("Fees", "Theirs.", source="other.csv")
    unknown = Passage(id="by-a-program", text="No source.")
    known, _ = synced([row("Fees", "Five."), row(None, "Bare.")], {})
    known |= {other.id: other, unknown.id: unknown}
    after, plan = synced([row("Cards", "Gold.")], known)
    assert counts(plan) == (1, 0, 2, 0)
    assert set(after.values()) == {other, unknown, row("Cards", "Gold.")}


def test_an_id_that_another_source_had_is_taken_over_and_told() -> None:
    theirs = row("Fees", "Five.", "fees", source="old.csv")
    after, plan = synced([row("Fees", "Five.", "fees")], {"fees": theirs})
    assert counts(plan) == (0, 1, 0, 0)
    assert plan.taken_over == {"old.csv": 1}
    assert after["fees"].source == FAQ


def test_ids_stay_when_the_file_is_edited_elsewhere() -> None:
    rows = [row("Fees", "Five."), row("Fees", "Six."), row(None, "Bare.")]
    ids = [passage.id for passage in rows]
    edited = [row("New", "Above."), row("Fees", "Five!"), *rows[1:], row("Fees", "Below.")]
    assert [passage.id for passage in edited][2:4] == ids[1:]


ROWS = st.lists(
    st.builds(
        row,
        st.none() | st.sampled_from("abc"),
        st.sampled_from("xyz"),
        st.none() | st.sampled_from(["1", "2", "3"]),
    ),
    max_size=6,
    unique_by=lambda passage: passage.id,
)
OTHERS = st.lists(
    st.builds(
        row,
        st.none() | st.sampled_from("abc"),
        st.sampled_from("xyz"),
        st.sampled_from(["1", "4", "5"]),
        st.just("other"),
    ),
    max_size=3,
    unique_by=lambda passage: passage.id,
)


@given(ROWS, ROWS, OTHERS)
def test_afterwards_the_source_equals_the_file_and_twice_changes_nothing(
    before: list[Passage], now: list[Passage], others: list[Passage]
) -> None:
    known = {passage.id: passage for passage in (*others, *before)}
    after, plan = synced(now, known)
    assert {p.id: p for p in after.values() if p.source == FAQ} == {p.id: p for p in now}
    kept = {p.id: p for p in others if known[p.id] is p and p.id not in {q.id for q in now}}
    assert {p.id: p for p in after.values() if p.source != FAQ} == kept
    assert len(plan.added) + len(plan.changed) + plan.unchanged == len(now)
    again, plan = synced(now, after)
    assert again == after
    assert counts(plan) == (0, 0, 0, len(now))
    assert not plan.deleted


def test_a_fingerprint_tells_every_field() -> None:
    one = row("Fees", "Five.", "fees")
    for change in ({"tags": ("a",)}, {"source": "b"}, {"url": "u"}, {"text": "x"}):
        assert fingerprint(msgspec.structs.replace(one, **change)) != fingerprint(one)
