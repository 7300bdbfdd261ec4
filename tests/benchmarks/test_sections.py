from benchmarks.sections import split_sections, with_sections

DOCUMENT = """\
# Speed

What this is.

## The engine

Fast.

| a | b |
| --- | --- |

## Something of old

Stays.
"""


def test_a_section_that_is_measured_again_replaces_its_own_alone():
    after = with_sections(DOCUMENT, {"The engine": "Faster."}, ["The engine", "News"])
    head, bodies = split_sections(after)
    assert head == "# Speed\n\nWhat this is."
    assert bodies == {"The engine": "Faster.", "Something of old": "Stays."}


def test_a_new_section_stands_at_its_place():
    after = with_sections(DOCUMENT, {"First": "1", "News": "2"}, ["First", "The engine", "News"])
    _, bodies = split_sections(after)
    assert list(bodies) == ["First", "The engine", "News", "Something of old"]


def test_a_document_without_a_change_is_as_it_was():
    assert with_sections(DOCUMENT, {}, ["The engine"]) == DOCUMENT


def test_headings_within_a_section_belong_to_it():
    after = with_sections("# Speed", {"News": "a\n\n### In detail\n\nb"}, ["News"])
    assert split_sections(after)[1] == {"News": "a\n\n### In detail\n\nb"}
