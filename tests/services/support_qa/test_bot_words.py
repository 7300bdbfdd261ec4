import re
from pathlib import Path

import msgspec
import pytest

from services.support_qa.bot_words import (
    PACKAGED,
    read_foreign_words,
    read_words,
    refused_words,
)
from services.support_qa.understanding.understanding import ASKING
from textwire.errors import SettingsError
from textwire.language import LANGUAGES
from textwire.support_qa.dialogue_acts import ACTS

CHINESE = PACKAGED.with_name("chinese.toml")


@pytest.mark.parametrize("file", [PACKAGED, CHINESE])
def test_there_are_words_for_every_act_that_asks_for_nothing(file: Path) -> None:
    answered_otherwise = (ASKING - {"complaint", "refuses_person"}) | {"wants_person"}
    assert set(ACTS) - answered_otherwise <= read_words(file).acknowledged.keys()


def test_the_words_in_chinese_say_so_and_leave_the_same_places_open() -> None:
    chinese, english = read_words(CHINESE), read_words()
    assert chinese.language == "zh"
    for ours, theirs in ((chinese.others, english.others), (chinese.wait, english.wait)):
        for name in ours.__struct_fields__:
            assert re.findall(r"{\w+}", getattr(ours, name)) == re.findall(
                r"{\w+}", getattr(theirs, name)
            ), name


def test_the_same_message_gets_the_same_wording_and_others_get_others() -> None:
    words = read_words()
    said = {words.reply_to("thanks", f"q{number}") for number in range(50)}
    assert said == set(words.acknowledged["thanks"])
    assert words.reply_to("thanks", "q1") == words.reply_to("thanks", "q1")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[others]", "[other]"),
        ('customer_asked = "Of course.', 'customer_wished = "Of course.'),
        ("greeting = [", "greeting = 3\nx = ["),
    ],
)
def test_a_file_that_lacks_words_is_refused_with_its_place(
    tmp_path: Path, before: str, after: str
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(PACKAGED.read_text(encoding="utf-8").replace(before, after, 1))
    with pytest.raises(SettingsError, match=r"own\.toml"):
        read_words(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be used"):
        read_words(tmp_path / "none.toml")


def test_a_language_without_words_of_its_own_is_answered_in_english() -> None:
    words = read_foreign_words()
    assert words.to_speaker_of("sl", "en") == words.to_speaker_of("en", "en")
    assert set(words.colleague) - {"en"} <= set(LANGUAGES)


@pytest.mark.parametrize(
    ("speakers", "own", "named"),
    [
        ("de", "en", "auf Englisch"),
        ("de", "zh", "auf Chinesisch"),
        ("en", "zh", "in Chinese"),
        ("sl", "zh", "in Chinese"),
        ("ja", "zh", "中国語でのみ回答できます。ご質問"),
        ("en", "sw", "I cannot answer in your language"),
    ],
)
def test_who_writes_in_another_language_is_told_which_one_the_bot_is_set_to(
    speakers: str, own: str, named: str
) -> None:
    assert named in read_foreign_words().to_speaker_of(speakers, own)


def test_every_language_has_all_the_words_and_a_phrase_for_each_that_is_named() -> None:
    words = read_foreign_words()
    for table in (words.only, words.not_yours, words.waiting):
        assert table.keys() == words.colleague.keys()
    for own, phrases in words.phrases.items():
        assert words.colleague.keys() - {own} <= phrases.keys(), own


def test_who_sends_what_cannot_be_served_is_told_in_the_bots_language() -> None:
    english, chinese = read_words(), read_words(CHINESE)
    told = refused_words(chinese)
    assert told != refused_words(english)
    for words in (told, refused_words(english)):
        assert "{limit}" in words.too_long
        assert "{limit}" in words.too_large
        assert "{what}" in words.unfit


def test_a_companys_words_without_refusals_take_the_packaged_ones() -> None:
    own = msgspec.structs.replace(read_words(), refused=None)
    assert refused_words(own) == read_words().refused
