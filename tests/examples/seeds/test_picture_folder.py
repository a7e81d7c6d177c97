import pytest
from picture_folder import picture_folder


def test_the_folder_is_made(tmp_path):
    assert picture_folder(["--out", str(tmp_path / "a" / "b")], purpose="Draw.").is_dir()


def test_a_folder_that_cannot_be_made_ends_the_script(tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(SystemExit) as exit_:
        picture_folder(["--out", str(tmp_path / "file")], purpose="Draw.")
    assert exit_.value.code == 2
    err = capsys.readouterr().err
    assert "cannot make the folder" in err
    assert err.count("\n") == 1
