"""What a served recogniser makes of held-out texts, one by one."""

from __future__ import annotations

import numpy as np

from pipelines.entities.calibrate import halve
from pipelines.entities.data import AnnotatedText, EntityData
from pipelines.entities.evaluate import confidences
from pipelines.entities.metrics import f1_of_texts
from pipelines.entities.settings import EntitySettings
from pipelines.measuring.judgement import Disturb, Judgement, key_of, slices_by_length
from pipelines.measuring.speed import TimedReading
from textwire.errors import DataError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.entity_recogniser import EntityRecogniser
from textwire.models.engines.entity_spans import Span


def judge(
    artifact: Artifact, data: EntityData, settings: EntitySettings, disturb: Disturb
) -> Judgement:
    """F1 of each text's entities on the half that is reported.

    Where a text is disturbed its entities are those whose letters still stand there in their order.

    Raises: DataError: the model finds other kinds.
    """
    recogniser = EntityRecogniser(artifact, "int8", threads=2)
    if recogniser.kinds != data.kinds:
        raise DataError(
            f"{artifact.manifest.task} {artifact.manifest.version} finds other kinds of entities "
            "than these data have, so it cannot be judged on them. Give the new one a name of its "
            "own: --name."
        )
    texts = halve(data, settings.seed).reported
    read = [_disturbed(text, disturb) for text in texts]
    found = recogniser.find_entities([text.text for text in read])
    scored = [[(Span(e.start, e.end, e.kind), e.score) for e in one] for one in found]
    told = [[span for span, _ in one] for one in scored]
    scores = f1_of_texts(told, [text.spans for text in read])
    sure, right = confidences(scored, read)
    originals = [text.text for text in texts]
    several = np.array([len(text.spans) > 1 for text in texts])
    parts = {"with several entities": several, "with one or none": ~several}
    timed = TimedReading.of(recogniser.find_entities, originals)
    return Judgement(
        metric="F1 of texts",
        keys=tuple(key_of(text) for text in originals),
        scores=scores,
        confidences=sure,
        right=right,
        texts_per_s=timed.texts_per_s(),
        timed=timed,
        slices=slices_by_length(originals, scores)
        | {
            name: (float(scores[part].mean()), int(part.sum()))
            for name, part in parts.items()
            if part.any()
        },
    )


def _disturbed(text: AnnotatedText, disturb: Disturb) -> AnnotatedText:
    """Each piece of the text for itself, so that where entities stand is known afterwards."""
    whole, spans, at = "", [], 0
    for span in text.spans:
        whole += disturb(text.text[at : span.start])
        start = len(whole)
        whole += disturb(text.text[span.start : span.end])
        spans.append(Span(start, len(whole), span.kind))
        at = span.end
    return AnnotatedText(whole + disturb(text.text[at:]), tuple(spans))
