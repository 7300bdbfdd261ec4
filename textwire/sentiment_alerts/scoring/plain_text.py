"""The words of what feeds send: HTML's entities and tags taken out, one line, one form of letters.

A wire writes a ticker as `<AAPL.O>`, so only what HTML knows as a tag is one.
"""

from __future__ import annotations

import html
import re
import unicodedata

# Of those that stand in feeds. What ends a line there ends a sentence here.
BLOCK_TAGS = "p|br|div|li|ul|ol|tr|td|th|table|tbody|thead|h[1-6]|hr|section|article|blockquote|pre"
INLINE_TAGS = (
    "a|abbr|b|big|cite|code|del|em|figcaption|figure|font|footer|header|i|iframe|img|ins|main|mark"
    "|nav|picture|q|s|small|source|span|strike|strong|sub|sup|time|u|video|html|body|head"
)
UNREAD = re.compile(
    r"<(script|style|noscript)\b[^>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>",
    re.IGNORECASE | re.DOTALL,
)
BLOCK_TAG = re.compile(rf"\s*</?(?:{BLOCK_TAGS})(?:\s[^<>]*)?/?>\s*", re.IGNORECASE)
INLINE_TAG = re.compile(rf"</?(?:{INLINE_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
# Zero-width signs and soft hyphens: nobody sees them, and they stand within words.
UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
# Feeds escape what was escaped before: `&amp;amp;`. More often than twice was not seen.
MOST_ESCAPES = 3
ENDS_SENTENCE = (".", "!", "?", ":", ";", ",", "…", "。", "！", "？")


def plain_text(text: str) -> str:
    """The text as a person sees it, in one line."""
    if "&" in text:
        text = _unescaped(text)
    if "<" in text or "]]>" in text:
        text = _without_tags(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", UNSEEN.sub("", text))
    return " ".join(text.split())


def _unescaped(text: str) -> str:
    for _ in range(MOST_ESCAPES):
        unescaped = html.unescape(text)
        if unescaped == text:
            break
        text = unescaped
    return text


def _without_tags(text: str) -> str:
    text = UNREAD.sub(" ", text)
    parts = [part for part in BLOCK_TAG.split(text) if part.strip()]
    ended = [part if part.rstrip().endswith(ENDS_SENTENCE) else f"{part}." for part in parts[:-1]]
    return INLINE_TAG.sub("", " ".join([*ended, *parts[-1:]]))
