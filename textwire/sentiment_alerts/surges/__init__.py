"""Surges: more negative articles of a company or a topic than chance brings.

At the end of each cell the negative articles of the last window are counted and compared with the
key's own baseline, which knows only cells before that window. A surge begins where so many are
improbable enough and outnumber the positive ones, goes on while the count stays unusual, and is
over after a while of quiet. A company is tested as a whole and together with each of its topics;
see docs/surges.md.

`cell_tally` counts; `baseline`, `pooled_baseline` and `week_profile` say what is usual;
`surge_test` measures with these, `window` what stands in a window, `episodes` what becomes of a
surge, and `stepping` does it all for the end of a cell.
"""
