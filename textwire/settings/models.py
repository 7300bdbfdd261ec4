"""Models that serve."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from textwire.settings.section import Section


class ModelSettings(Section, section="models"):
    """Where models come from and how they run."""

    registry: str = Field(
        "", description="folder or fsspec URL of artifacts; empty: `models` in the data folder"
    )
    engine: Literal["onnx", "torch"] = Field("onnx", description="onnx on CPU, torch on GPU")
    precision: Literal["int8", "fp32"] = Field("int8", description="which ONNX graph is served")
    threads: int = Field(
        1,
        ge=1,
        le=256,
        description="threads of one inference session; replicas scale better than threads",
    )
    watch_every_s: float = Field(
        1.0, gt=0, description="how often the registry is asked for a new champion"
    )
    shadow_share: float = Field(
        0.1,
        ge=0,
        le=1,
        description="of texts, that a classifier's challenger reads beside the champion; "
        "0: it is not loaded",
    )
    trial_timeout_s: float = Field(
        120.0, gt=0, le=3_600, description="how long a new model may take to load, when tried out"
    )
    largest_artifact_mb: int = Field(
        4_096, ge=1, description="a model whose files are larger together is refused"
    )
