"""Models: what is watched, what has drifted, who challenges whom, and what was decided."""
