import pytest
from admissions_job.results import baseline, confusion


def test_confusion_counts_each_case_and_an_output_of_a_half_predicts_no():
    counts = confusion([0.9, 0.6, 0.5, 0.1, 0.2, 0.51], [1, 0, 1, 0, 1, 1])
    assert (counts.true_positives, counts.false_positives, counts.false_negatives, counts.true_negatives) == (
        2,
        1,
        2,
        1,
    )
    assert counts.accuracy == 0.5


def test_the_baseline_is_the_seed_s(data, reference):
    floor, expected = baseline(data), reference["data_prep"]
    assert floor.constant_train_mse == pytest.approx(expected["constant_predictor_train_mse"], rel=1e-9)
    assert floor.majority_test_accuracy == expected["test_majority_accuracy"]
    assert not floor.majority_admitted
