"""XLM-R's pieces as a `tokenizer.json` that reads our marks, and puts e5's prefix before a text."""

from __future__ import annotations

from collections.abc import Sequence

from tokenizers import AddedToken, Regex, Tokenizer, normalizers
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing

PADDING = "[PAD]"
# The names by which all our texts and readers know them; see `pipelines.training.marks`.
SPECIAL = {
    "<s>": "[CLS]",
    "<pad>": PADDING,
    "</s>": "[SEP]",
    "<unk>": "[UNK]",
    "<mask>": "[MASK]",
}
# The model learned with one before every text, and its authors advise this one wherever texts are
# compared with their like or classified: Wang et al. 2024, arXiv:2402.05672.
PREFIX = "query:"
# As SentencePiece's nmt_nfkc: what cannot be seen goes, what only parts is a space, and the wide
# tilde alone of all wide forms stays.
UNSEEN = "[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]"
PARTING = "[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"
WIDE_TILDE, KEPT_ASIDE = "\uff5e", "\ue000"


def piece_tokenizer(pieces: Sequence[tuple[str, float]]) -> Tokenizer:
    """A tokenizer of pieces with their log probabilities, whose ids are their places."""
    named = [(SPECIAL.get(piece, piece), score) for piece, score in pieces]
    ids = {piece: place for place, (piece, _) in enumerate(named)}
    tokenizer = Tokenizer(Unigram(named, unk_id=ids["[UNK]"], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(UNSEEN), ""),
            normalizers.Replace(Regex(PARTING), " "),
            normalizers.Replace(WIDE_TILDE, KEPT_ASIDE),
            normalizers.NFKC(),
            normalizers.Replace(KEPT_ASIDE, WIDE_TILDE),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = Metaspace()
    # As part of what frames a text, not of the text: it costs no letter of it its place, and is
    # there whoever reads by this file.
    prefix = tokenizer.encode(PREFIX, add_special_tokens=False)
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] prefix $A [SEP]",
        special_tokens=[
            ("[CLS]", ids["[CLS]"]),
            ("[SEP]", ids["[SEP]"]),
            {"id": "prefix", "ids": prefix.ids, "tokens": prefix.tokens},
        ],
    )
    tokenizer.add_special_tokens([AddedToken(name, special=True) for name in SPECIAL.values()])
    tokenizer.enable_padding(pad_id=ids[PADDING], pad_token=PADDING)
    return tokenizer
