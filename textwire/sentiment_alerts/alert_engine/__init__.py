"""The alert engine: reads one log of scored articles and actions, counts, and raises alerts.

Everything follows from the log alone, and alerts do not depend on the order in which articles came
as long as none is late: an article changes the counts of its own cell, cells are closed one by one
once the watermark has passed them, and what is announced before that is what the open cells would
come to as they are. So a run over history and a live one agree.

    event time ──▶   folded cells    │       the window        │    open cells
                     ═══════════════ │ ═══════════════════════ │ ─ ─ ─ ─ ─ ─ ─ ─ ─▶
                     the baseline    │  what is tested         │ articles still come
                     is learned      │                         ▲
                                     │                `closed`: the first open cell,
                                     │                moved on by the watermark

An article goes through `articles` (which original does it repeat?) and `counting` (its cell), and
may tip an open cell: `publishing` says so at once. `cell_closing` closes what the watermark has
passed, and settles which surges are events of their own. `actions` are what people do. What is
remembered stands in the store (`state`): a batch is folded in `memory`, and whatever changed is
written once, with the batch's last record.
"""
