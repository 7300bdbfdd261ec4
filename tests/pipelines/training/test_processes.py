"""Several processes that train together, each with batches of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import pipelines

CHECKOUT = Path(pipelines.__file__).parent.parent


@pytest.mark.slow
def test_two_processes_end_with_the_same_weights_and_share_the_steps(
    tiny_base: Path, tmp_path: Path
) -> None:
    # What `accelerate launch` calls for several GPUs of one machine; on the CPU it starts but one.
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    module = ["-m", "tests.pipelines.training.together", str(tiny_base), str(tmp_path)]
    done = subprocess.run(
        [*launcher, "--nproc_per_node", "2", *module],
        check=False,
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "ACCELERATE_USE_CPU": "true"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    first, second = (np.load(tmp_path / f"rank-{rank}.npz") for rank in (0, 1))
    np.testing.assert_allclose(first["vectors"], second["vectors"], atol=1e-6)
    assert first["steps"] == second["steps"] == 4  # 2 epochs of 4 batches, two at a time
    assert (first["leads"], second["leads"]) == (True, False)
