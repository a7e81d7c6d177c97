"""Estimators of scikit-learn around a network: NetworkClassifier and NetworkRegressor. Needs the extra `train`."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Self, final

import numpy as np

from autodiff.errors import MissingExtraError
from nn.arrays import RealArray
from nn.errors import DataError, LossIncreaseWarning, OptionError
from nn.losses.functions import LossName
from nn.losses.penalties import L2
from nn.modules.activations import activation_function
from nn.modules.initializers import glorot_uniform
from nn.modules.layer import Layer
from nn.modules.mlp import MLP
from nn.optimizers import LBFGS, SGD, Adam
from nn.options import number_from, whole_number
from nn.prediction import predict, predict_proba
from nn.training.early_stopping import EarlyStopping
from nn.training.fit import fit
from nn.training.history import History

try:
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.utils import check_random_state
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import (
        _check_sample_weight,
        check_is_fitted,
        column_or_1d,
        validate_data,
    )
except ImportError as error:
    raise MissingExtraError("nn.estimators needs scikit-learn: pip install 'valuegraph[train]'") from error

__all__ = ["NetworkClassifier", "NetworkEstimator", "NetworkRegressor"]

_SCIKIT_LEARN_NAMES = {"identity": "linear", "logistic": "sigmoid"}
"""Activations to which scikit-learn gives another name."""


class NetworkEstimator(BaseEstimator, ABC):  # type: ignore[misc]  # scikit-learn has no types
    """Base of both estimators: their parameters, training and pickles.

    Parameters have the names and meanings of scikit-learn's `MLPClassifier`.

    Parameters
    ----------
    hidden_layer_sizes : sequence of int
        The number of neurons of each hidden layer.
    activation : str
        Of the hidden layers: a name from `nn.ACTIVATIONS`, or scikit-learn's "identity" or "logistic".
    solver : {"adam", "sgd", "lbfgs"}
        The optimizer. "lbfgs" takes all records at once: of what follows it reads `alpha`, `max_iter`, the largest
        number of iterations, `tol`, the largest entry of the gradient at which it ends, and what is for the data.
    alpha : float
        The strength of the L2 penalty on weights: alpha/2 · Σ w², divided by the number of records in a batch.
    batch_size : int or "auto"
        Records in a step; "auto" is min(200, n). One batch of all records keeps their order.
    learning_rate_init : float
        The learning rate.
    max_iter : int
        The largest number of epochs.
    random_state : int, RandomState or None
        Seeds the initial weights, the order of records and the held-out share.
    tol : float
        Training ends when the loss has not fallen by more than this for `n_iter_no_change` epochs.
    verbose : bool
        Show a progress bar.
    warm_start : bool
        Let `fit` continue from the weights of the previous fit.
    momentum : float
        Of "sgd".
    nesterovs_momentum : bool
        Whether "sgd" uses Nesterov's form of momentum.
    early_stopping : bool
        Hold out a share of the records, watch their loss in place of the training loss, and keep the weights of the
        best epoch.
    validation_fraction : float
        The share held out for `early_stopping`.
    beta_1, beta_2 : float
        Decay rates of the two averages of "adam".
    epsilon : float
        Keeps the divisor of "adam" from 0.
    n_iter_no_change : int
        See `tol`.

    Attributes
    ----------
    network_ : MLP
        The network. A pickle holds its numbers alone, and loading builds the network again.
    coefs_ : list of ndarray
        The weights of each layer, of shape (inputs, outputs).
    intercepts_ : list of ndarray
        The biases of each layer, of shape (outputs,).
    history_ : History
        The result of `nn.fit`.
    loss_curve_ : list of float
        The training loss of each epoch.
    n_iter_ : int
        The number of epochs run.

    Examples
    --------
    >>> NetworkClassifier((8, 4), activation="tanh", random_state=0).get_params()["hidden_layer_sizes"]
    (8, 4)
    """

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] = (100,),
        activation: str = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        batch_size: int | str = "auto",
        learning_rate_init: float = 0.001,
        max_iter: int = 200,
        random_state: Any = None,
        tol: float = 1e-4,
        verbose: bool = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: int = 10,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change

    @property
    @abstractmethod
    def _loss(self) -> LossName:
        """The loss by name, once the targets are known."""

    @abstractmethod
    def _encoded(self, y: Any, *, reset: bool) -> RealArray:
        """The targets as the loss reads them; `reset` learns their classes or width."""

    @abstractmethod
    def _outputs(self) -> int:
        """The number of outputs of the network, once the targets are known."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train on records.

        Parameters
        ----------
        X : array-like of shape (n, inputs)
            Features.
        y : array-like of shape (n,) or (n, outputs)
            Labels or targets.
        sample_weight : array-like of shape (n,), optional
            A record of weight 2 counts as two records.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            For features and targets that `sklearn.utils.validation.validate_data` refuses.
        """
        going_on = self.warm_start and hasattr(self, "network_")
        features, targets = self._checked(X, y, reset=not going_on)
        encoded = self._encoded(targets, reset=not going_on)
        stream = check_random_state(self.random_state)
        if not going_on:
            self._begin(stream)
        self._optimizer = self._new_optimizer()
        epochs = whole_number(self.max_iter, "max_iter")
        history = self._trained(features, encoded, sample_weight, stream, epochs=epochs)
        self.history_, self.loss_curve_, self.n_iter_ = history, list(history.losses), history.epochs
        if not history.stopped:
            warnings.warn(
                f"training ended after max_iter={self.max_iter} epochs, and the loss was still falling by more than "
                f"tol={self.tol}; raise max_iter, or scale the features",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def _step_through(self, X: Any, y: Any, sample_weight: Any, *, first: bool) -> Self:
        """Train for one more epoch, once the classes are known."""
        if self.solver == "lbfgs":
            raise OptionError('partial_fit steps on batches, and solver="lbfgs" takes all records; use "adam" or "sgd"')
        features, targets = self._checked(X, y, reset=first)
        encoded = self._encoded(targets, reset=False)
        if first:
            self._stream = check_random_state(self.random_state)
            self._begin(self._stream)
            self._optimizer = self._new_optimizer()
            self.loss_curve_, self.n_iter_ = [], 0
        stream = getattr(self, "_stream", None) or check_random_state(self.random_state)
        history = self._trained(features, encoded, sample_weight, stream, epochs=1, watched=False)
        self.history_ = history
        self.loss_curve_ = [*self.loss_curve_, *history.losses]
        self.n_iter_ += history.epochs
        return self

    @property
    def coefs_(self) -> list[RealArray]:
        """The weights of each layer, of shape (inputs, outputs)."""
        return [layer.weight_matrix() for layer in self.network_.layers]

    @property
    def intercepts_(self) -> list[RealArray]:
        """The biases of each layer."""
        return [np.asarray(layer.bias_vector()) for layer in self.network_.layers]

    def graph(self, x: Any) -> Any:
        """The recorded outputs for one record, to differentiate and to draw.

        Parameters
        ----------
        x : array-like of shape (inputs,)
            Features.

        Returns
        -------
        Value or list of Value
            One for each output, before the sigmoid or softmax of a classifier.
        """
        check_is_fitted(self, "network_")
        record = np.asarray(x, dtype=float).ravel()
        return self.network_(record.tolist())

    def _checked(self, X: Any, y: Any, *, reset: bool) -> tuple[RealArray, Any]:
        features, targets = validate_data(self, X, y, reset=reset, dtype=np.float64, multi_output=True, y_numeric=False)
        return features, targets

    def _begin(self, stream: Any) -> None:
        """A new network."""
        hidden = np.atleast_1d(np.asarray(self.hidden_layer_sizes, dtype=int)).tolist()
        self.network_ = MLP(
            self.n_features_in_,
            [*hidden, self._outputs()],
            activation=activation_function(_SCIKIT_LEARN_NAMES.get(self.activation, self.activation)),
            initializer=glorot_uniform,
            rng=stream,
        )
        if hasattr(self, "feature_names_in_"):
            self.network_.label_inputs(self.feature_names_in_.tolist())

    def _new_optimizer(self) -> Any:
        if self.solver == "adam":
            betas = (self.beta_1, self.beta_2)
            return Adam(learning_rate=self.learning_rate_init, betas=betas, eps=self.epsilon)
        if self.solver == "sgd":
            nesterov = self.nesterovs_momentum and self.momentum > 0.0
            return SGD(learning_rate=self.learning_rate_init, momentum=self.momentum, nesterov=nesterov)
        if self.solver == "lbfgs":
            return LBFGS(gtol=self.tol)
        raise OptionError(f'solver takes "adam", "sgd" or "lbfgs", got {self.solver!r}')

    def _trained(
        self, features: RealArray, encoded: RealArray, weights: Any, stream: Any, *, epochs: int, watched: bool = True
    ) -> History:
        records = len(features)
        size = self._batch_size(records)
        counted = float(min(size or records, records))
        if weights is not None:
            weights = _check_sample_weight(weights, features, dtype=np.float64, ensure_non_negative=True)
            counted *= weights.mean()
        alpha = number_from(self.alpha, "alpha")
        share = self.validation_fraction if watched and self.early_stopping else 0.0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LossIncreaseWarning)  # batches go up and down; the end is what is watched
            return fit(
                *(self.network_, features, encoded),
                optimizer=self._optimizer,
                epochs=epochs,
                loss=self._loss,
                penalty=L2(alpha / (2.0 * counted)) if alpha and counted else None,
                sample_weight=weights,
                batch_size=size,
                rng=stream,
                validation_split=share,
                early_stopping=self._stopping() if watched and (size or self.early_stopping) else None,
                progress=bool(self.verbose),
            )

    def _batch_size(self, records: int) -> int | None:
        """The records in a step; None for a solver that has no steps on batches."""
        if self.solver == "lbfgs":
            return None
        return min(200, records) if self.batch_size == "auto" else whole_number(self.batch_size, "batch_size")

    def _stopping(self) -> EarlyStopping:
        monitor = "validation_loss" if self.early_stopping else "loss"
        return EarlyStopping(self.n_iter_no_change, self.tol, monitor, restore_best=self.early_stopping)

    def _outputs_for(self, X: Any) -> RealArray:
        features = self._features_for(X)
        return predict(self.network_, features)

    def _features_for(self, X: Any) -> RealArray:
        check_is_fitted(self, "network_")
        features: RealArray = validate_data(self, X, reset=False, dtype=np.float64)
        return features

    def __getstate__(self) -> dict[str, Any]:
        """The numbers of the network in place of its Values, with what the optimizer remembers of them."""
        state = dict(super().__getstate__())
        network, optimizer = state.pop("network_", None), state.pop("_optimizer", None)
        if network is not None:
            state["_layers"] = [
                (layer.weight_matrix(), layer.bias_vector(), layer.neurons[0].activation) for layer in network.layers
            ]
            recall = getattr(optimizer, "recall", None)  # "lbfgs" remembers nothing between fits
            state["_memory"] = None if recall is None else recall(network.parameters())
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        layers, memory = state.pop("_layers", None), state.pop("_memory", None)
        super().__setstate__(state)
        if layers is not None:
            self.network_ = MLP.from_layers(Layer.from_matrix(*numbers) for numbers in layers)
            if hasattr(self, "feature_names_in_"):
                self.network_.label_inputs(self.feature_names_in_.tolist())
            self._optimizer = self._new_optimizer()
            if memory is not None:
                self._optimizer.remember(self.network_.parameters(), memory)


@final
class NetworkClassifier(ClassifierMixin, NetworkEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A network that classifies: cross entropy for several classes, log loss of one output for two.

    Its parameters are those of `NetworkEstimator`.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,)
        The labels in sorted order. The other attributes are those of `NetworkEstimator`.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.preprocessing import StandardScaler
    >>> features, labels = load_iris(return_X_y=True)
    >>> scaled = StandardScaler().fit_transform(features)
    >>> model = NetworkClassifier((8,), learning_rate_init=0.05, tol=1e-3, random_state=0).fit(scaled, labels)
    >>> bool(model.score(scaled, labels) > 0.95)
    True
    """

    @property
    def _loss(self) -> LossName:
        return "log_loss_from_logits" if len(self.classes_) == 2 else "cross_entropy"

    def _outputs(self) -> int:
        return 1 if len(self.classes_) == 2 else len(self.classes_)

    def _encoded(self, y: Any, *, reset: bool) -> RealArray:
        check_classification_targets(y)
        labels = column_or_1d(y, warn=True)
        if reset:
            self._learn_classes(labels)
        places = np.searchsorted(self.classes_, labels).clip(max=len(self.classes_) - 1)
        if not np.array_equal(self.classes_[places], labels):
            strange = labels[self.classes_[places] != labels].tolist()[0]
            raise DataError(f"the label {strange!r} is none of the classes {self.classes_.tolist()}")
        return np.asarray(places, dtype=float)

    def _learn_classes(self, labels: Any) -> None:
        self.classes_ = np.unique(labels)
        if len(self.classes_) < 2:
            raise DataError(f"a classifier takes at least two classes, got one class: {self.classes_.tolist()}")

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Train for one more epoch.

        Parameters
        ----------
        X, y
            As in `fit`.
        classes : array-like of shape (classes,), optional
            All labels there will be; required in the first call.
        sample_weight
            As in `fit`.

        Returns
        -------
        self

        Raises
        ------
        OptionError
            A ValueError, if the first call has no `classes`, or another call has others.
        """
        first = not hasattr(self, "network_")
        if first:
            if classes is None:
                raise OptionError("classes must be passed on the first call to partial_fit: all labels there will be")
            self._learn_classes(classes)
        elif classes is not None and not np.array_equal(np.unique(classes), self.classes_):
            raise OptionError(f"classes={classes!r} are others than on the first call: {self.classes_!r}")
        return self._step_through(X, y, sample_weight, first=first)

    def predict_proba(self, X: Any) -> RealArray:
        """The probability of each class.

        Parameters
        ----------
        X : array-like of shape (n, inputs)

        Returns
        -------
        ndarray of shape (n, classes)
            In the order of `classes_`.
        """
        features = self._features_for(X)
        return predict_proba(self.network_, features, loss=self._loss)

    def predict_log_proba(self, X: Any) -> RealArray:
        """The logarithm of the probability of each class.

        Parameters
        ----------
        X : array-like of shape (n, inputs)

        Returns
        -------
        ndarray of shape (n, classes)
            -inf for a probability of 0.
        """
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(self.predict_proba(X)))

    def predict(self, X: Any) -> Any:
        """The most probable label of each record.

        Parameters
        ----------
        X : array-like of shape (n, inputs)

        Returns
        -------
        ndarray of shape (n,)
        """
        outputs = self._outputs_for(X)
        places = (outputs > 0.0).astype(int) if outputs.ndim == 1 else outputs.argmax(axis=1)
        return self.classes_[places]


@final
class NetworkRegressor(RegressorMixin, NetworkEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A network that predicts numbers, one or several for each record, trained on the mean squared error.

    Its parameters and attributes are those of `NetworkEstimator`.

    Examples
    --------
    >>> model = NetworkRegressor((8,), learning_rate_init=0.05, tol=1e-4, max_iter=1000, random_state=0)
    >>> model = model.fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> bool(model.score([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]) > 0.95)
    True
    """

    @property
    def _loss(self) -> LossName:
        return "mse"

    def _outputs(self) -> int:
        return self.n_outputs_

    def _encoded(self, y: Any, *, reset: bool) -> RealArray:
        targets = np.asarray(y, dtype=float)
        if targets.ndim == 2 and targets.shape[1] == 1:
            targets = column_or_1d(targets, warn=True)
        if reset:
            self.n_outputs_ = 1 if targets.ndim == 1 else targets.shape[1]
        return targets

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train for one more epoch.

        Parameters
        ----------
        X, y, sample_weight
            As in `fit`.

        Returns
        -------
        self
        """
        first = not hasattr(self, "network_")
        if first:
            self._encoded(y, reset=True)
        return self._step_through(X, y, sample_weight, first=first)

    def predict(self, X: Any) -> RealArray:
        """The predicted numbers of each record.

        Parameters
        ----------
        X : array-like of shape (n, inputs)

        Returns
        -------
        ndarray of shape (n,) or (n, outputs)
        """
        return self._outputs_for(X)
