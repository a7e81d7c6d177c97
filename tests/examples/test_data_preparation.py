import hashlib

import data_preparation
import numpy as np
import pytest
from admissions_job.records import DEFAULT_CSV, RecordsError, read_records
from data_preparation import FEATURES, prepare, split

from tests.examples import listings


def test_the_embedded_file_is_the_one_without_flipped_labels():
    content = DEFAULT_CSV.read_bytes()
    assert len(content) == 5088
    assert hashlib.sha256(content).hexdigest() == "2f5dcda0e455631215709575cc2eede4e5fb4e94cda9c37dab54e26d79dcf8c2"


def test_records_have_the_seed_s_statistics(reference):
    expected, records = reference["data_prep"], read_records(DEFAULT_CSV)
    assert len(records) == expected["n"]
    for name in ("gre", "gpa"):
        assert records[name].mean() == pytest.approx(expected[f"{name}_mean"], rel=1e-9)
        assert records[name].std() == pytest.approx(expected[f"{name}_std"], rel=1e-9)
    assert records["admit"].mean() == expected["admit_mean"]
    assert records["rank"].value_counts().sort_index().tolist() == expected["rank_counts"]


def test_the_split_is_the_seed_s(data, reference):
    expected = reference["data_prep"]
    assert data.training.tolist() == expected["train_order"]
    assert data.training[:10].tolist() == expected["train_order_first10"]
    assert data.training[-1] == expected["train_order_last"]
    assert data.test.tolist() == expected["test_rows"]
    assert (len(data.training), len(data.test)) == (expected["n_train"], expected["n_test"])
    assert data.targets[data.training].sum() == expected["train_admit"]
    assert data.targets[data.test].sum() == expected["test_admit"]


def test_the_features_are_the_seed_s(data, reference):
    expected = reference["data_prep"]
    assert list(FEATURES) == expected["columns"]
    assert data.features[data.training[0]].tolist() == pytest.approx(expected["first_train_row"], rel=1e-9)
    assert data.features[data.training[-1]].tolist() == pytest.approx(expected["last_train_row"], rel=1e-9)


@pytest.mark.parametrize("seed", [0, 1, 42, 2023, 2**32 - 1])
def test_any_split_is_that_of_the_listing(seed):
    listed = listings.prepare(DEFAULT_CSV, split_seed=seed)
    data = prepare(read_records(DEFAULT_CSV), split_seed=seed)
    np.testing.assert_allclose(data.features[data.training], listed.features, rtol=1e-12)
    np.testing.assert_array_equal(data.targets[data.training], listed.targets)
    np.testing.assert_allclose(data.features[data.test], listed.features_test, rtol=1e-12)
    np.testing.assert_array_equal(data.targets[data.test], listed.targets_test)


def test_the_global_random_stream_is_left_alone():
    np.random.seed(5)
    expected = np.random.random()
    np.random.seed(5)
    split(400, seed=42)
    assert np.random.random() == expected


def test_a_rank_that_no_record_has_keeps_its_column(tmp_path):
    path = tmp_path / "few.csv"
    path.write_text("admit,gre,gpa,rank\n0,400,3,1\n1,500,3.5,1\n0,600,4,2\n")
    prepared = prepare(read_records(path))
    assert prepared.features.shape == (3, len(FEATURES))
    assert prepared.features[:, 2:].tolist() == [[1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("0,400,3,1", "1 record cannot be split"),
        ("0,400,3,1\n1,400,4,2", "gre cannot be standardized: it is 400 in every record"),
        ("0,400,3.3,1\n1,500,3.3,2\n1,500,3.3,2", "gpa cannot be standardized: it is 3.3 in every record"),
        ("0,1e308,3,1\n1,-1e308,4,2", "gre cannot be standardized: its numbers are too large"),
    ],
)
def test_what_cannot_be_prepared_is_refused(tmp_path, rows, message):
    path = tmp_path / "bad.csv"
    path.write_text(f"admit,gre,gpa,rank\n{rows}\n")
    with pytest.raises(RecordsError, match=message):
        prepare(read_records(path))


def test_the_script_tells_what_it_did(capsys):
    assert data_preparation.main([]) == 0
    out = capsys.readouterr().out
    assert "61 times 1, 151 times 2, 121 times 3, 67 times 4" in out
    assert "training: 360 records, 117 admitted" in out
    assert "test: 40 records, 10 admitted" in out


def test_the_script_refuses_a_missing_file(tmp_path, capsys):
    assert data_preparation.main(["--csv", str(tmp_path / "none.csv")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
