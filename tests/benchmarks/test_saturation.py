import pytest

from benchmarks.saturation import steady_rate


def test_steady_arrivals_have_their_rate():
    assert steady_rate([number / 10 for number in range(50)]) == pytest.approx(10.0)


def test_batches_of_results_do_not_make_it_look_faster():
    # 30 results every half second.
    arrived_at = [0.5 * batch for batch in range(4) for _ in range(30)]
    assert steady_rate(arrived_at) == pytest.approx(60.0)


def test_one_batch_tells_no_rate():
    assert steady_rate([2.0] * 30) == 0.0
    assert steady_rate([]) == 0.0
