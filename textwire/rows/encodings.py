"""In which encoding a text file is written, by its bytes."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from textwire.errors import DataFileError
from textwire.rows.packed import open_bytes

UTF_8 = "utf-8-sig"
_MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like that of UTF-16
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE_BYTES = 256 * 1024
CHUNK_BYTES = 1024 * 1024
# What Excel saves as "CSV" where it does not say UTF-8: in the West, and where most letters are
# none of ASCII. The first is preferred where several fit a short text.
WESTERN = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254")
RUNNING = ("gb18030", "big5", "shift_jis", "euc_kr", "cp1251", "cp1253")
UNMARKED_UTF_16 = ("utf_16_le", "utf_16_be")
NAMES = {
    "cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251",
    "cp1253": "Windows-1253", "cp1254": "Windows-1254", "gb18030": "GB18030 (GBK)", "big5": "Big5",
    "shift_jis": "Shift JIS", "euc_kr": "EUC-KR", "utf_16_le": "UTF-16", "utf_16_be": "UTF-16",
}  # fmt: skip
# Every other byte of Latin text in UTF-16 is 0, and none of one in UTF-8.
NULS_OF_UTF_16 = 0.3
# One broken character in so many good ones: a damaged file, not one in another encoding.
DAMAGED = 0.1
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
# One letter with an accent, or a few inside of a word.
_WESTERN_RUN = re.compile(
    rb"(?<![\x80-\xff])(?:[\x80-\xff]|(?<=[A-Za-z])[\xc0-\xff]{2,3}|[\xc0-\xff]{2,3}(?=[A-Za-z]))"
    rb"(?![\x80-\xff])"
)
_UTF_8_CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


def encoding_of(path: Path) -> str:
    """The encoding's name, as Python knows it; `utf-8-sig` also for plain UTF-8.

    By a byte order mark; as UTF-8 if all of it is; else by what the bytes make likely.

    Raises: DataFileError: it is damaged UTF-8, or in no encoding that can be told.
    """
    with open_bytes(path) as file:
        sample = file.read(SAMPLE_BYTES)
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if unmarked := _utf_16_by_nuls(sample):
        return unmarked
    if _decodes(path, "utf-8"):
        return UTF_8
    _refuse_damaged(path)
    likely = _likely(_sample_with_high_bytes(path, sample))
    if likely is None or not _decodes(path, likely):
        raise DataFileError(
            f"{path} is not UTF-8, and its encoding cannot be told. Name it, such as "
            "`--encoding cp1252`, or save the file as UTF-8."
        )
    return likely


def checked_encoding(name: str) -> str:
    """An encoding that a person named, as Python knows it.

    Raises: DataFileError: there is none of that name for texts.
    """
    try:
        found = codecs.lookup(name)
        "".encode(found.name)
    except LookupError:
        raise DataFileError(
            f"There is no encoding `{name}`. Usual ones are utf-8, utf-16, cp1252 (Western Excel), "
            "gb18030 (Chinese Excel), big5 and shift_jis."
        ) from None
    return UTF_8 if found.name == "utf-8" else found.name


def _utf_16_by_nuls(sample: bytes) -> str | None:
    pairs = max(1, len(sample) // 2)
    low, high = sample[1::2].count(0) / pairs, sample[0::2].count(0) / pairs
    if max(low, high) < NULS_OF_UTF_16 or min(low, high) > NULS_OF_UTF_16 / 10:
        return None
    return "utf_16_le" if low > high else "utf_16_be"


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with open_bytes(path) as file:
            while chunk := file.read(CHUNK_BYTES):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _refuse_damaged(path: Path) -> None:
    """A file that is UTF-8 but for a few bytes would become unreadable in any other encoding."""
    good = bad = 0
    first: tuple[int, int, int] | None = None
    with open_bytes(path) as file:
        for number, line in enumerate(file, start=1):
            if line.isascii():
                continue
            rest = _UTF_8_CHARACTER.sub(b"", line)
            good += (len(line) - len(rest)) // 2
            bad += len(_HIGH_RUN.findall(rest))
            if first is None and not rest.isascii():
                first = _first_bad_byte(number, line)
    if first is not None and bad <= DAMAGED * good:
        number, place, byte = first
        raise DataFileError(
            f"{path} is damaged UTF-8: line {number} holds the byte 0x{byte:02x} at place {place}. "
            "Mend that line, or name the file's encoding, such as `--encoding cp1252`."
        )


def _first_bad_byte(number: int, line: bytes) -> tuple[int, int, int] | None:
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return number, error.start + 1, line[error.start]
    return None


def _sample_with_high_bytes(path: Path, sample: bytes) -> bytes:
    """Lines that say something about the encoding; the first of a long file may all be ASCII."""
    lines: list[bytes] = []
    size = 0
    with open_bytes(path) as file:
        for line in file:
            if not line.isascii():
                lines.append(line[:10_000])
                size += len(lines[-1])
            if size > SAMPLE_BYTES:
                break
    return b"".join(lines) or sample


def _likely(sample: bytes) -> str | None:
    # Letters with accents stand alone among plain ones; Chinese and Cyrillic ones in a row.
    runs, alone = _HIGH_RUN.findall(sample), _WESTERN_RUN.findall(sample)
    is_western = len(alone) > len(runs) / 2
    candidates = WESTERN if is_western else (*RUNNING, *UNMARKED_UTF_16)
    matches = from_bytes(sample, cp_isolation=list(candidates))
    fitting = [name for match in matches for name in match.could_be_from_charset]
    if candidates[0] in fitting:
        return candidates[0]
    return fitting[0] if fitting else None
