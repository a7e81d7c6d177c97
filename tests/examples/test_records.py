import pytest
from admissions_job.records import COLUMNS, RecordsError, read_records

HEADER = "admit,gre,gpa,rank\n"
GOOD = "0,380,3.61,3\n"

MALFORMED = {
    "empty": ("", "is empty"),
    "blank lines alone": ("\n\n", "is empty"),
    "a header alone": (HEADER, "has a header but no records"),
    "no header": (GOOD + GOOD, "unknown column '0'"),
    "a missing column": ("admit,gre,rank\n0,380,3\n", "no column 'gpa'"),
    "an unknown column": ("admit,gre,gpa,rank,age\n0,380,3.61,3,20\n", "unknown column 'age'"),
    "a repeated column": ("admit,gre,gpa,rank,gre\n0,380,3.61,3,380\n", "there twice"),
    "rank 0": (HEADER + GOOD + "0,380,3.61,0\n", r"line 3: rank is '0', expected a whole number from 1 to 4"),
    "rank 5": (HEADER + "0,380,3.61,5\n", r"line 2: rank is '5'"),
    "rank 2.5": (HEADER + "0,380,3.61,2.5\n", r"line 2: rank is '2.5'"),
    "admit 2": (HEADER + "2,380,3.61,1\n", r"line 2: admit is '2', expected 0 or 1"),
    "a word": (HEADER + GOOD + GOOD + "0,high,3.61,3\n", r"line 4: gre is 'high', expected a number"),
    "an empty cell": (HEADER + "0,380,,3\n", r"line 2: gpa is '', expected a number"),
    "nan": (HEADER + "0,nan,3.61,3\n", r"line 2: gre is 'nan'"),
    "infinity": (HEADER + "0,380,inf,3\n", r"line 2: gpa is 'inf'"),
    "a short line": (HEADER + "0,380,3.61\n", r"line 2 has 3 cells, expected 4"),
    "a long line": (HEADER + "0,380,3.61,3,9\n", r"line 2 has 5 cells, expected 4"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_files_are_refused_in_one_line(tmp_path, case):
    content, message = MALFORMED[case]
    path = tmp_path / "records.csv"
    path.write_text(content)
    with pytest.raises(RecordsError, match=message) as refusal:
        read_records(path)
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "records.csv"
    path.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(RecordsError, match="not a CSV text file"):
        read_records(path)


@pytest.mark.parametrize("name", ["none.csv", "."])
def test_a_path_that_is_no_file_is_refused(tmp_path, name):
    with pytest.raises(RecordsError, match="cannot read"):
        read_records(tmp_path / name)


@pytest.mark.parametrize(
    "content",
    [
        HEADER + GOOD,
        HEADER.replace("\n", "\r\n") + GOOD.replace("\n", "\r\n"),
        "\ufeff" + HEADER + GOOD,
        HEADER + "\n" + GOOD + "\n",
        "rank, gpa, gre, admit\n3, 3.61, 380, 0\n",
        '"admit","gre","gpa","rank"\n"0","380","3.61","3"\n',
        HEADER + "0.0,380.0,3.61,3.0",
    ],
)
def test_harmless_differences_are_read_alike(tmp_path, content):
    path = tmp_path / "records.csv"
    path.write_text(content, encoding="utf-8", newline="")
    records = read_records(path)
    assert list(records.columns) == list(COLUMNS)
    assert records.to_numpy().tolist() == [[0.0, 380.0, 3.61, 3.0]]
