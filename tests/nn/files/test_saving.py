import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import autodiff
from autodiff import Value
from autodiff.errors import ShapeError
from nn import (
    MLP,
    CheckpointError,
    Dropout,
    Layer,
    LayerNorm,
    Linear,
    Module,
    OptionError,
    OptionTypeError,
    Sequential,
    StateError,
    load,
    predict,
    save,
)
from nn.files.safetensors_file import write_arrays

FEATURES = np.random.default_rng(0).normal(size=(7, 3))
SHARED = Linear(3, 3, rng=5)

MODELS = [
    MLP(3, [4, 2], rng=0),
    MLP(3, [4, 2], activation="gelu", output_activation="softmax", bias=False, rng=0),
    Layer(3, 2, activation="sigmoid", rng=1),
    Linear(3, 2, bias=False, rng=1),
    Sequential(LayerNorm(3), Linear(3, 4, rng=2), "relu", Dropout(0.25), MLP(4, [2, 2], rng=3), "softmax"),
    Sequential(SHARED, "tanh", SHARED, autodiff.silu, Linear(3, 1, rng=6)),
]


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_a_model_comes_back(model, tmp_path):
    path = tmp_path / "no suffix is added"
    save(model, path)
    assert [*tmp_path.iterdir()] == [path]
    twin = load(path)
    assert type(twin) is type(model)
    assert repr(twin) == repr(model)
    np.testing.assert_array_equal(predict(twin, FEATURES), predict(model, FEATURES))
    assert len(twin.parameters()) == len(model.parameters())


def test_names_of_inputs_come_back(tmp_path):
    model = MLP(2, [1], rng=0)
    model.feature_names = ("gre", "gpa")
    save(model, tmp_path / "m")
    twin = load(tmp_path / "m")
    assert twin.feature_names == ("gre", "gpa")
    assert [p.label for p in twin.parameters()] == ["gre", "gpa", "b"]


def test_tensors_are_named_and_shaped_as_in_pytorch(tmp_path):
    safetensors_numpy = pytest.importorskip("safetensors.numpy")
    model = MLP(3, [4, 2], rng=0)
    save(model, tmp_path / "m")
    tensors = safetensors_numpy.load_file(tmp_path / "m")
    assert {name: array.shape for name, array in tensors.items()} == {
        "0.weight": (4, 3), "0.bias": (4,), "2.weight": (2, 4), "2.bias": (2,),
    }  # fmt: skip
    np.testing.assert_array_equal(tensors["0.weight"], model.layers[0].weight_matrix().T)


def test_the_architecture_is_data(tmp_path):
    save(MLP(3, [1], rng=0), tmp_path / "m")
    content = (tmp_path / "m").read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    document = json.loads(header["__metadata__"]["document"])
    assert document["architecture"] == {
        "type": "MLP",
        "parts": [{"type": "Layer", "inputs": 3, "outputs": 1, "activation": "linear", "bias": True}],
    }


class Line(Module):
    def __init__(self):
        self.slope, self.offset = Value(2.0), Value(1.0)

    def __call__(self, x):
        return self.slope * x[0] + self.offset


def test_weights_of_a_class_of_one_s_own(tmp_path):
    line, other = Line(), Line()
    line.slope.data = 7.0
    save(line, tmp_path / "line")
    with pytest.raises(CheckpointError, match="weights of a Line, a class of your own; make one and pass it as into="):
        load(tmp_path / "line")
    assert load(tmp_path / "line", into=other) is other
    assert other.slope.data == 7.0


def test_an_earlier_file_is_replaced(tmp_path):
    for seed in (0, 1):
        save(MLP(1, [1], rng=seed), tmp_path / "m")
    assert load(tmp_path / "m")([1.0]).data == MLP(1, [1], rng=1)([1.0]).data


def test_folders_are_no_files(tmp_path):
    with pytest.raises(CheckpointError, match="is a folder; give the path of a file"):
        save(MLP(2, [1]), tmp_path)
    with pytest.raises(CheckpointError, match=r"there is no folder .*none.* for the file 'm'; make it first"):
        save(MLP(2, [1]), tmp_path / "none" / "m")
    with pytest.raises(CheckpointError, match="is a folder and no file"):
        load(tmp_path)


def test_a_file_that_is_damaged_anywhere_is_refused(tmp_path):
    path = tmp_path / "m"
    save(MLP(2, [2, 1], rng=0), path)
    content = path.read_bytes()
    rng = np.random.default_rng(0)
    for length in (0, 4, 8, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:length])
        with pytest.raises(CheckpointError, match="cut short, damaged"):
            load(path)
    for place in rng.integers(8, len(content), 60).tolist():
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        try:
            model = load(path)
        except CheckpointError:
            continue
        # What may change unseen is white space, and nothing else.
        assert model([1.0, 2.0]).data == MLP(2, [2, 1], rng=0)([1.0, 2.0]).data


def test_missing_newer_and_other_files(tmp_path):
    with pytest.raises(CheckpointError, match="there is no file"):
        load(tmp_path / "none")
    with pytest.raises(CheckpointError, match="there is no file"):
        load(tmp_path / "none", into=MLP(1, [1]))
    write_arrays(tmp_path / "other", "checkpoint", {"a": np.zeros(2)}, {})
    with pytest.raises(CheckpointError, match="is no valuegraph model"):
        load(tmp_path / "other")
    save(MLP(1, [1]), tmp_path / "m")
    content = (tmp_path / "m").read_bytes()
    (tmp_path / "m").write_bytes(content.replace(b'"version":"1"', b'"version":"9"'))
    with pytest.raises(CheckpointError, match="version 9, and this release reads up to 1; install a newer release"):
        load(tmp_path / "m")


def test_what_fits_no_model_changes_none(tmp_path):
    save(MLP(3, [2], rng=0), tmp_path / "m")
    model = MLP(3, [4, 2], rng=1)
    before = [p.data for p in model.parameters()]
    with pytest.raises(StateError, match=r"missing 2.weight, 2.bias; unexpected nothing"):
        load(tmp_path / "m", into=model)
    with pytest.raises(ShapeError, match=r"0.weight has shape \(2, 3\) in .* and \(5, 3\) in the model"):
        load(tmp_path / "m", into=MLP(3, [5]))
    assert [p.data for p in model.parameters()] == before


def test_what_cannot_be_saved(tmp_path):
    with pytest.raises(OptionError, match="a file holds no code, and the activation <lambda>"):
        save(Sequential(Linear(1, 1), lambda x: x * x), tmp_path / "m")
    with pytest.raises(OptionTypeError, match="save takes a Module"):
        save(lambda x: x, tmp_path / "m")
    with pytest.raises(OptionTypeError, match="into takes a Module"):
        load(tmp_path / "m", into=3)
    assert not [*tmp_path.iterdir()]


def test_threads_that_save_to_one_path_leave_one_whole_file(tmp_path):
    models = [MLP(3, [2], rng=seed) for seed in range(4)]

    def save_often(model):
        for _ in range(10):
            save(model, tmp_path / "m")

    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(save_often, models)] == [None] * 4
    assert [*tmp_path.iterdir()] == [tmp_path / "m"]
    assert repr(load(tmp_path / "m")) == repr(models[0])


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save(MLP(3, [2], rng=0), tmp_path / "m")
    assert not [*tmp_path.iterdir()]
