"""What is looked for of each company, and what it stands for."""

from __future__ import annotations

from textwire.sentiment_alerts.linking.forms import forms_of
from textwire.sentiment_alerts.watchlist import WatchedCompany


def company(name: str, **fields: object) -> WatchedCompany:
    return WatchedCompany(name=name, sector="Retail", **fields)  # type: ignore[arg-type]


def entities(forms: dict[str, list], written: str) -> list[str]:
    return [form.entity for form in forms.get(written, [])]


def test_a_name_is_looked_for_without_its_legal_form_unless_that_leaves_a_word() -> None:
    forms = forms_of([company("Larkfield Ltd"), company("Target Ltd")])
    assert entities(forms, "larkfield") == ["Larkfield Ltd"]
    assert entities(forms, "target") == []


def test_what_a_name_is_written_as_besides_is_left_to_a_company_that_is_called_so() -> None:
    forms = forms_of([company("Larkfield Ltd"), company("Larkfield")])
    assert entities(forms, "larkfield") == ["Larkfield"]


def test_a_phrase_that_the_watchlist_calls_anothers_stands_for_none() -> None:
    forms = forms_of([company("Gap", not_=("Gap Alley",))])
    assert [form.is_other for form in forms["gap alley"]] == [True]
    assert not any(form.is_other for form in forms["gap"])
