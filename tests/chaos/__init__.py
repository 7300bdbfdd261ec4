"""What is promised of the stream, tried on real servers while everything goes wrong.

`python -m tests.chaos` runs every scenario and writes docs/results/reliability.md; README.md beside
this file says what stands where, and how a scenario is added.
"""
