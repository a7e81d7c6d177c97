"""The estimators, held to scikit-learn's own checks and to what scikit-learn's users do with them."""

import pickle
import pickletools
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator, estimator_checks_generator

from autodiff import Value, sigmoid
from nn.estimators import NetworkClassifier, NetworkRegressor

FEATURES, LABELS = load_iris(return_X_y=True)
FEATURES = StandardScaler().fit_transform(FEATURES)
NAMES = np.array(["setosa", "versicolor", "virginica"])[LABELS]
QUICK = {"hidden_layer_sizes": (6,), "learning_rate_init": 0.05, "tol": 1e-2, "random_state": 0}


@pytest.mark.slow
@pytest.mark.parametrize("estimator", [NetworkClassifier(), NetworkRegressor()], ids=repr)
def test_all_of_scikit_learn_s_checks(estimator):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_skip=None)
    assert len(results) > 50
    skipped = [result["check_name"] for result in results if result["status"] != "passed"]
    assert set(skipped) <= {"check_array_api_input"}  # which runs where SCIPY_ARRAY_API is set


FEW = {
    *("check_estimators_unfitted", "check_estimators_pickle", "check_fit2d_predict1d", "check_dict_unchanged"),
    *("check_n_features_in", "check_estimator_sparse_tag", "check_parameters_default_constructible"),
    *(
        "check_sample_weight_equivalence_on_dense_data",
        "check_supervised_y_2d",
    ),
}


@pytest.mark.parametrize("kind", [NetworkClassifier, NetworkRegressor])
def test_some_of_scikit_learn_s_checks(kind):
    seen = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for estimator, check in estimator_checks_generator(kind((4,), max_iter=20)):
            name = check.func.__name__
            if name in FEW:
                check(estimator)
                seen.add(name)
    assert seen == FEW


def test_a_pipeline_is_searched_and_cross_validated():
    model = make_pipeline(StandardScaler(), NetworkClassifier(**QUICK))
    assert cross_val_score(model, FEATURES, NAMES, cv=3).mean() > 0.9
    search = GridSearchCV(model, {"networkclassifier__activation": ["tanh", "logistic"]}, cv=2).fit(FEATURES, NAMES)
    assert search.best_score_ > 0.9


def test_what_a_fit_leaves():
    model = NetworkClassifier(**QUICK).fit(FEATURES, NAMES)
    assert model.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    assert model.n_iter_ == len(model.loss_curve_) == model.history_.epochs < model.max_iter
    assert [array.shape for array in model.coefs_] == [(4, 6), (6, 3)]
    assert [array.shape for array in model.intercepts_] == [(6,), (3,)]
    assert model.score(FEATURES, NAMES) > 0.95
    np.testing.assert_allclose(model.predict_proba(FEATURES).sum(axis=1), 1.0, rtol=1e-14)
    np.testing.assert_allclose(np.exp(model.predict_log_proba(FEATURES)), model.predict_proba(FEATURES))
    assert (model.predict(FEATURES) == model.classes_[model.predict_proba(FEATURES).argmax(axis=1)]).all()


def test_two_classes_have_one_output():
    model = NetworkClassifier(**QUICK).fit(FEATURES, LABELS == 2)
    assert model.coefs_[-1].shape == (6, 1)
    assert model.predict_proba(FEATURES).shape == (150, 2)
    assert model.score(FEATURES, LABELS == 2) > 0.95


def test_several_targets():
    targets = np.column_stack([FEATURES[:, 0], FEATURES[:, 1] - FEATURES[:, 2]])
    model = NetworkRegressor(**QUICK).fit(FEATURES, targets)
    assert model.predict(FEATURES).shape == (150, 2)
    assert model.score(FEATURES, targets) > 0.95


def test_a_run_that_is_cut_off_says_so():
    with pytest.warns(ConvergenceWarning, match="max_iter=2"):
        NetworkClassifier(**QUICK | {"max_iter": 2}).fit(FEATURES, LABELS)


def test_early_stopping_watches_what_is_held_back():
    model = NetworkClassifier(**QUICK, early_stopping=True).fit(FEATURES, LABELS)
    assert len(model.history_.validation_losses) == model.n_iter_
    assert model.history_.best_epoch is not None


def test_partial_fit_goes_through_the_records_once_more():
    model = NetworkClassifier(**QUICK | {"learning_rate_init": 0.1})
    for _ in range(12):
        for rows in np.array_split(np.random.default_rng(0).permutation(150), 3):
            model.partial_fit(FEATURES[rows], NAMES[rows], classes=np.unique(NAMES))
    assert model.n_iter_ == 36
    assert model.score(FEATURES, NAMES) > 0.95
    with pytest.raises(ValueError, match="first call"):
        NetworkClassifier().partial_fit(FEATURES, NAMES)
    with pytest.raises(ValueError, match="'rose' is none of the classes"):
        model.partial_fit(FEATURES[:1], ["rose"])
    regressor = NetworkRegressor(**QUICK)
    for _ in range(3):
        regressor.partial_fit(FEATURES, FEATURES[:, 0])
    assert regressor.loss_curve_[2] < regressor.loss_curve_[0]


def test_partial_fit_goes_on_after_a_pickle():
    straight = NetworkClassifier(**QUICK)
    stopped = clone(straight)
    for _ in range(4):
        straight.partial_fit(FEATURES, LABELS, classes=[0, 1, 2])
        stopped = pickle.loads(pickle.dumps(stopped.partial_fit(FEATURES, LABELS, classes=[0, 1, 2])))
    for ours, theirs in zip(straight.coefs_, stopped.coefs_, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_warm_start_goes_on():
    model = NetworkClassifier(**QUICK, warm_start=True).fit(FEATURES, LABELS)
    end = model.loss_curve_[-1]
    assert model.fit(FEATURES, LABELS).loss_curve_[0] < 1.5 * end


def test_another_fit_reads_the_parameters_anew():
    model = NetworkClassifier(**QUICK, warm_start=True).fit(FEATURES, LABELS)
    before = model.coefs_[0]
    model.set_params(learning_rate_init=0.0).fit(FEATURES, LABELS)
    np.testing.assert_array_equal(model.coefs_[0], before)


@pytest.mark.parametrize("labels", [LABELS, LABELS == 2])
def test_lbfgs_finds_what_scikit_learn_s_finds(labels):
    options = {"hidden_layer_sizes": (), "solver": "lbfgs", "alpha": 3.0, "tol": 1e-9, "max_iter": 500}
    ours, theirs = (
        kind(**options, random_state=0).fit(FEATURES, labels) for kind in (NetworkClassifier, MLPClassifier)
    )
    # Both end where an iteration lowers the loss by less than 2e-9 of it: near the one minimum by the root of that.
    np.testing.assert_allclose(ours.coefs_[0], theirs.coefs_[0], atol=1e-3)
    np.testing.assert_allclose(ours.predict_proba(FEATURES), theirs.predict_proba(FEATURES), atol=1e-3)
    assert ours.history_.stopped == "converged"
    twin = pickle.loads(pickle.dumps(ours))
    np.testing.assert_array_equal(twin.predict_proba(FEATURES), ours.predict_proba(FEATURES))
    with pytest.raises(ValueError, match="partial_fit steps on batches"):
        twin.partial_fit(FEATURES, labels)


def test_a_pickle_holds_no_values():
    model = NetworkClassifier(**QUICK).fit(FEATURES, NAMES)
    content = pickle.dumps(model)
    named = {str(argument) for _, argument, _ in pickletools.genops(content) if isinstance(argument, str)}
    assert "autodiff.value" not in named
    assert "Value" not in named
    twin = pickle.loads(content)
    np.testing.assert_array_equal(twin.predict_proba(FEATURES), model.predict_proba(FEATURES))


def test_the_graph_of_a_record():
    frame = pd.DataFrame(FEATURES, columns=["a", "b", "c", "d"])
    model = NetworkClassifier(**QUICK).fit(frame, LABELS == 2)
    out = model.graph(frame.iloc[3])
    assert isinstance(out, Value)
    assert sigmoid(out).data == pytest.approx(model.predict_proba(frame)[3, 1], rel=1e-12)
    out.backward()
    assert [weight.label for weight in model.network_.layers[0].neurons[0].weights] == ["a", "b", "c", "d"]
    assert len(NetworkClassifier(**QUICK).fit(FEATURES, LABELS).graph(FEATURES[0])) == 3
    with pytest.raises(NotFittedError):
        NetworkClassifier().graph(FEATURES[0])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"solver": "newton"}, 'takes "adam", "sgd" or "lbfgs", got .newton.'),
        ({"alpha": -1.0}, "alpha takes a finite number of at least 0, got -1"),
        ({"activation": "rleu"}, "no activation is named 'rleu'"),
        ({"max_iter": 0}, "max_iter takes"),
        ({"batch_size": 0}, "batch_size takes"),
    ],
)
def test_refused_parameters(options, message):
    with pytest.raises(ValueError, match=message):
        NetworkClassifier(**options).fit(FEATURES, LABELS)


def test_core_does_not_import_scikit_learn():
    program = "import nn, sys; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_without_scikit_learn_the_extra_is_named():
    program = (
        "import sys\nsys.modules['sklearn'] = None\ntry:\n    import nn.estimators\n"
        'except ImportError as error:\n    sys.exit("valuegraph[train]" not in str(error))\nsys.exit(2)'
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
