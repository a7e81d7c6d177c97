"""Programs that are kept for later runs: of models that are made alike, and of no others."""

import gc
import weakref

import numpy as np
import pytest

import autodiff
import nn
from nn import prediction
from nn.data.records import Records
from nn.modules import kept_programs
from nn.training import batch_loss
from nn.training.batch_loss import objective_likeness
from nn.training.objective import Objective

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(40, 3))
TARGETS = RNG.normal(size=40)


def mlp(rng=0, **options):
    return nn.MLP(3, [4, 1], **{"activation": "tanh", "rng": rng} | options)


def sequential(rng=0, *, share=0.2, eps=1e-5, twice=True):
    first, others = nn.Linear(3, 3, rng=rng), nn.Linear(3, 3, rng=rng)
    return nn.Sequential(
        *(first, "tanh", nn.Dropout(share), first if twice else others),
        *(nn.LayerNorm(3, eps=eps), nn.Linear(3, 1, rng=rng)),
    )


def trained(model, features=FEATURES, **options):
    options = {"optimizer": nn.Adam(), "epochs": 3, "batch_size": 16, "rng": 0} | options
    history = nn.fit(model, features, TARGETS, progress=False, **options)
    return [parameter.data for parameter in model.parameters()], history.losses, nn.predict(model, features).tolist()


RUNS = [
    (mlp, {}),
    (mlp, {"loss": "sse", "penalty": nn.L2(1e-3)}),
    (mlp, {"penalty": nn.L1(1e-3), "sample_weight": RNG.uniform(size=40)}),
    (mlp, {"batch_size": None, "validation_split": 0.2}),
    (mlp, {"batch_size": None, "optimizer": nn.LBFGS()}),
    (sequential, {}),
]


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    for module in (batch_loss, prediction):
        monkeypatch.setattr(module, "KEPT", kept_programs.KeptPrograms())


@pytest.mark.parametrize(("make", "options"), RUNS)
def test_a_later_run_gives_the_numbers_of_a_first_one(make, options, monkeypatch):
    def refused(*_):
        raise AssertionError("it was compiled again")

    def optimizer():
        return {"optimizer": type(options["optimizer"])()} if "optimizer" in options else {}

    expected = trained(make(7), FEATURES[::-1], **options | optimizer())
    batch_loss.KEPT.clear()
    prediction.KEPT.clear()
    other = make(1)
    trained(other, **options | optimizer())
    before = [parameter.data for parameter in other.parameters()]
    monkeypatch.setattr(autodiff, "compile", refused)
    assert trained(make(7), FEATURES[::-1], **options | optimizer()) == expected
    assert [parameter.data for parameter in other.parameters()] == before


def likeness(make=mlp, *, loss=nn.mse, penalty=None, targets=TARGETS, reduction="mean", inputs=("features", "targets")):
    """What decides on a program, and how many Values there are."""
    objective = Objective(make(), loss, Records(FEATURES, targets), penalty, None, reduction)
    found = objective_likeness(objective, list(inputs))
    return None if found is None else (found[0], len(found[1]))


ALIKE = [
    (likeness(), likeness(lambda: mlp(5))),
    (likeness(sequential), likeness(lambda: sequential(5))),
    (likeness(penalty=nn.L2(0.1)), likeness(penalty=nn.L2(0.1))),
]
UNLIKE = {
    "width": {"make": lambda: nn.MLP(3, [5, 1], activation="tanh")},
    "activation": {"make": lambda: mlp(activation="relu")},
    "output activation": {"make": lambda: mlp(output_activation="sigmoid")},
    "bias": {"make": lambda: mlp(bias=False)},
    "loss": {"loss": nn.mae},
    "reduction": {"reduction": "sum"},
    "penalty": {"penalty": nn.L2(0.1)},
    "strength": {"penalty": nn.L2(0.2)},
    "kind of penalty": {"penalty": nn.L1(0.1)},
    "targets": {"targets": np.c_[TARGETS, TARGETS]},
    "inputs": {"inputs": ("features", "targets", "weights")},
    "sequential": {"make": sequential},
    "share": {"make": lambda: sequential(share=0.3)},
    "eps": {"make": lambda: sequential(eps=1e-3)},
    "shared layer": {"make": lambda: sequential(twice=False)},
}


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_models_that_are_made_alike(one, other):
    assert one is not None
    assert one == other
    assert hash(one) == hash(other)


def test_whatever_a_program_depends_on_tells_objectives_apart():
    found = [likeness(), *(likeness(**options) for options in UNLIKE.values())]
    assert None not in found
    assert len(set(found)) == len(found)


class Own(nn.Module):
    """A user's own part."""

    def __init__(self):
        self.inner = mlp()

    def __call__(self, inputs):
        return self.inner(inputs)


def stored_result():
    model = mlp()
    model.note = model.layers[0].neurons[0].bias * 2.0
    return model


OTHER_CODE = {
    "class": {"make": Own},
    "activation": {"make": lambda: mlp(activation=lambda x: x * x)},
    "loss": {"loss": lambda predictions, targets: nn.mse(predictions, targets)},
    "penalty": {"penalty": lambda model: nn.L2(0.1)(model)},
    "function": {"make": lambda: lambda record: record[0]},
    "result": {"make": stored_result},
}


@pytest.mark.parametrize("name", OTHER_CODE)
def test_nothing_is_kept_of_other_code(name):
    assert likeness(**OTHER_CODE[name]) is None


def test_nothing_is_kept_of_a_large_model(monkeypatch):
    monkeypatch.setattr(kept_programs, "_MOST_PARAMETERS", 20)
    assert likeness() is None


def test_few_programs_are_kept_and_neither_data_nor_later_models():
    models = [nn.MLP(3, [width, 1], rng=0) for width in range(1, 8)]
    for model in models:
        trained(model)
    assert len(batch_loss.KEPT) == len(prediction.KEPT) == 4
    later, features = nn.MLP(3, [7, 1], rng=1), FEATURES.copy()
    trained(later, features)
    gone = [weakref.ref(thing) for thing in (later, features, models[0])]
    del later, features, model, models
    gc.collect()
    assert [reference() for reference in gone] == [None, None, None]


def test_predictions_of_models_made_alike_are_their_own():
    first, later = mlp(1), mlp(2)
    outputs = nn.predict(first, FEATURES), nn.predict(later, FEATURES)
    with autodiff.no_grad():
        expected = [[model(row).data for row in FEATURES.tolist()] for model in (first, later)]
    np.testing.assert_allclose(outputs, expected, rtol=1e-13)
    later.layers[0].neurons[0].bias.data = 3.0
    with autodiff.no_grad():
        changed = [later(row).data for row in FEATURES.tolist()]
    np.testing.assert_allclose(nn.predict(later, FEATURES), changed, rtol=1e-13)
    np.testing.assert_array_equal(nn.predict(first, FEATURES), outputs[0])
