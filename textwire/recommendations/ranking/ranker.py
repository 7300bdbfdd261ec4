"""Features to probabilities: the prior, what trees in ONNX add to it, and their calibration."""

from __future__ import annotations

import numpy as np
import onnxruntime

from textwire.errors import ArtifactCorrupt, ArtifactError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.manifest import Calibration
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.ranking.features import FEATURES
from textwire.recommendations.ranking.prior import log_odds

RANKER_FILE = "ranker.onnx"
OUTPUT = "probabilities"
# The first feature of the calibration: the log odds that the trees give. The others are the
# ranker's own; that of words asked for only where it learned from such lists.
LOG_ODDS = "log_odds"
ASKED = "has_context"
PRIOR = FEATURES.index("prior")
MAKE_ANEW = "Make it anew with `pipelines recommendations run --force`."


class Ranker:
    """Scores items by their features: a weighted sum, what trees add to it, and the sigmoid.

    One inference session, one thread. The weights stand in the manifest's calibration, the prior's
    among them; without one for the trees they are not run.
    """

    def __init__(self, name: str, graph: bytes, calibration: Calibration) -> None:
        """Open the graph.

        Args:   graph: ONNX; (n, len(FEATURES)) float32 to `probabilities`, (n, 2).
        Raises: ArtifactCorrupt: it cannot be run, or gives something else.
                ArtifactError: the calibration is not ours.
        """
        unknown = [feature for feature in calibration.features[1:] if feature not in FEATURES]
        if calibration.features[:1] != (LOG_ODDS,) or unknown:
            raise ArtifactError(
                f"The ranker's calibration of {name} weighs {', '.join(calibration.features)}, "
                f"where {LOG_ODDS} and features were expected. {MAKE_ANEW}"
            )
        self.name = name
        self._weights = np.array(calibration.weights, dtype=np.float32)
        self._columns = [FEATURES.index(feature) for feature in calibration.features[1:]]
        self._intercept = calibration.intercept
        self._answers_words = ASKED in calibration.features
        self._session = _open_session(name, graph)
        self._input = self._session.get_inputs()[0].name
        self._check()

    def score(self, features: Vectors) -> Vectors:
        """That an item will be clicked or bought next, calibrated.

        Args:    features: (n, len(FEATURES)) float32, as `compute_features` makes them.
        Returns: (n,) float32 in [0, 1].
        """
        if not len(features):
            return np.empty(0, dtype=np.float32)
        odds = features[:, self._columns] @ self._weights[1:]
        if self._weights[0] != 0.0:
            odds = odds + self._weights[0] * log_odds(self.raw(features))
        scores = sigmoid(odds + np.float32(self._intercept))
        if self._answers_words:
            return scores
        # Nobody asked for anything in words where it learned: what it learned would drown them.
        asked = features[:, FEATURES.index(ASKED)] > 0.0
        return np.where(asked, sigmoid(features[:, PRIOR]), scores)

    def raw(self, features: Vectors) -> Vectors:
        """What the trees say before it is calibrated.

        Args:    features: (n, len(FEATURES)) float32.
        Returns: (n,) float32 in [0, 1].
        """
        raw: Vectors = self._run(features)[:, 1]
        return raw

    def _run(self, features: Vectors) -> Vectors:
        probabilities: Vectors = self._session.run([OUTPUT], {self._input: features})[0]
        return probabilities

    def _check(self) -> None:
        """That two items without any features get probabilities, each of both classes."""
        try:
            given = np.asarray(self._run(np.zeros((2, len(FEATURES)), dtype=np.float32)))
        except Exception as error:  # onnxruntime's classes have no narrower root
            raise _cannot_run(self.name, error) from error
        if given.shape != (2, 2) or not ((given >= 0) & (given <= 1)).all():
            raise ArtifactCorrupt(
                f"{RANKER_FILE} of {self.name} gives {str(given.ravel()[:4])[:100]}, of shape "
                f"{given.shape}, where two items have two probabilities each. {MAKE_ANEW}"
            )


class PriorRanker:
    """Scores items by the prior alone: what serves in a shop that no ranker was trained in."""

    name = "prior"

    def score(self, features: Vectors) -> Vectors:
        """That an item is next, as `prior.weigh` has it.

        Args:    features: (n, len(FEATURES)) float32.
        Returns: (n,) float32 in [0, 1].
        """
        return sigmoid(features[:, PRIOR])


def sigmoid(odds: Vectors) -> Vectors:
    """Log odds to probabilities, (n,) float32."""
    probabilities: Vectors = (1.0 / (1.0 + np.exp(-odds.astype(np.float64)))).astype(np.float32)
    return probabilities


def load_ranker(artifact: Artifact) -> Ranker:
    """The ranker of an artifact.

    Raises: ArtifactError: it was trained on other features than this version computes, or it was
            never calibrated. ArtifactMissing, ArtifactCorrupt: the graph is not there, or cannot be
            run.
    """
    manifest = artifact.manifest
    if manifest.features != FEATURES:
        raise ArtifactError(
            f"The ranker {manifest.version} was trained on other features than this version of "
            f"Textwire computes ({_difference(manifest.features)}). {MAKE_ANEW}"
        )
    if manifest.calibration is None:
        raise ArtifactError(f"The ranker {manifest.version} has no calibration. {MAKE_ANEW}")
    name = f"{manifest.task}/{manifest.version}/ranker"
    return Ranker(name, artifact.file(RANKER_FILE).read_bytes(), manifest.calibration)


def _difference(trained: tuple[str, ...]) -> str:
    missing = [name for name in FEATURES if name not in trained]
    unknown = [name for name in trained if name not in FEATURES]
    told = [
        f"{what}: {', '.join(names)}"
        for what, names in (("it lacks", missing), ("it alone has", unknown))
        if names
    ]
    return "; ".join(told) or "the same ones in another order"


def _open_session(name: str, graph: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's classes have no narrower root
        raise _cannot_run(name, error) from error


def _cannot_run(name: str, error: Exception) -> ArtifactCorrupt:
    return ArtifactCorrupt(f"{RANKER_FILE} of {name} cannot be run: {error}. {MAKE_ANEW}")
