"""States of texts inside a classifier's graph, by the graph that serves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
import onnxruntime

from pipelines.running.progress import Stage
from pipelines.sentiment_alerts.events.grafting import STATES, with_states
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.onnx import GRAPHS
from textwire.models.engines.token_batches import token_batches
from textwire.models.engines.tokenizing import TokenReader
from textwire.sentiment_alerts.scoring.clauses import MASK

THREADS = 2


def states_of(artifact: Artifact, texts: Sequence[str], stage: Stage) -> Vectors:
    """What a head of events would read of each text, (n, 5 widths) float32, at eight bits.

    Raises: ArtifactError: the graph's layers are not those of BERT's family.
    """
    reader = TokenReader(artifact.file("tokenizer.json"), artifact.manifest.max_tokens)
    graph = with_states(onnx.load(artifact.file(GRAPHS["int8"])), reader.id_of(MASK))
    session = _session(graph)
    takes = {given.name for given in session.get_inputs()}
    rows = reader.read(texts)
    found = np.empty((len(rows), 5 * artifact.manifest.dimension), dtype=np.float32)
    batches = list(token_batches([len(row) for row in rows]))
    stage.expect(len(batches))
    for batch in batches:
        ids, mask = reader.pad([rows[index] for index in batch])
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (found[batch],) = session.run([STATES], {name: feeds[name] for name in takes})
        stage.advance()
    return found


def _session(graph: onnx.ModelProto) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(
        graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
