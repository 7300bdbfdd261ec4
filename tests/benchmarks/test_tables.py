from benchmarks.comparing import Latency, latency_cells
from benchmarks.tables import conditions, p50_p99, table


def test_percentiles_are_values_that_occurred():
    waits_ms = [float(number) for number in range(1, 201)]
    assert p50_p99(waits_ms) == (101.0, 199.0)


def test_of_few_values_the_99th_percentile_is_the_greatest():
    assert p50_p99([5.0, 1.0, 30.0]) == (5.0, 30.0)


def test_a_table_is_markdown():
    assert table(["a", "b"], [[1, "x"]]) == "| a | b |\n| --- | --- |\n| 1 | x |"


def test_a_latency_is_compared_with_the_plain_loop_at_the_same_rate():
    latency = Latency("question to answer", "light", 5.0, [10.0, 10.0, 40.0])
    assert latency_cells(latency, (20.0, 20.0))[-2:] == ["10.0 (2.0x)", "40.0 (0.5x)"]
    assert latency_cells(latency, None)[-2:] == ["10.0", "40.0"]


def test_what_never_came_is_told_as_such():
    assert latency_cells(Latency("article to alert", "light", 5.0, []), None)[-3:] == [
        "0",
        "none",
        "none",
    ]


def test_conditions_name_commit_processor_and_load():
    told = conditions()
    assert told.startswith("Measured at ")
    assert "cores" in told
    assert "load average" in told
