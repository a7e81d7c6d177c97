"""Files that PyTorch reads, and files of PyTorch that are read here."""

import numpy as np
import pytest

from nn import MLP, Dropout, LayerNorm, Linear, Sequential, load, predict, save

pytestmark = pytest.mark.peers

FEATURES = np.random.default_rng(0).normal(size=(9, 5))


def twin(torch):
    return torch.nn.Sequential(
        *(torch.nn.Linear(5, 4), torch.nn.Tanh(), torch.nn.LayerNorm(4), torch.nn.Dropout(0.5)),
        *(torch.nn.Linear(4, 3, bias=False), torch.nn.Softmax(dim=-1)),
    ).double()


def ours():
    return Sequential(
        Linear(5, 4, rng=0), "tanh", LayerNorm(4), Dropout(0.5), Linear(4, 3, bias=False, rng=1), "softmax"
    )


def outputs(torch, model):
    with torch.no_grad():
        return model.eval()(torch.from_numpy(FEATURES)).numpy()


def test_pytorch_computes_the_same_from_our_file(tmp_path):
    torch, files = pytest.importorskip("torch"), pytest.importorskip("safetensors.torch")
    model, other = ours(), twin(torch)
    save(model, tmp_path / "m")
    other.load_state_dict(files.load_file(tmp_path / "m"))
    np.testing.assert_allclose(outputs(torch, other), predict(model, FEATURES), rtol=1e-12)


def test_pytorch_computes_the_same_from_the_file_of_an_mlp(tmp_path):
    torch, files = pytest.importorskip("torch"), pytest.importorskip("safetensors.torch")
    model = MLP(5, [8, 8, 2], rng=0)
    other = torch.nn.Sequential(
        *(torch.nn.Linear(5, 8), torch.nn.ReLU(), torch.nn.Linear(8, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
    ).double()
    save(model, tmp_path / "m")
    other.load_state_dict(files.load_file(tmp_path / "m"))
    np.testing.assert_allclose(outputs(torch, other), predict(model, FEATURES), rtol=1e-12)


def test_weights_of_a_sequential_of_pytorch_load_here(tmp_path):
    torch, files = pytest.importorskip("torch"), pytest.importorskip("safetensors.torch")
    torch.manual_seed(0)
    other = twin(torch)
    files.save_file(other.state_dict(), tmp_path / "m")
    np.testing.assert_allclose(predict(load(tmp_path / "m", into=ours()), FEATURES), outputs(torch, other), rtol=1e-12)
