"""Running the main job in this process, and reading back what it wrote."""

import json

import admissions


def run(tmp_path, *options):
    return admissions.main([*map(str, options), "--out", str(tmp_path / "out")])


def results(tmp_path):
    return json.loads((tmp_path / "out" / "results.json").read_text())


def written(tmp_path):
    return sorted(path.name for path in (tmp_path / "out").iterdir())
