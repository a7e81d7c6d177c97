"""Features by name: the columns of a data frame name the inputs of a model, and are matched by name afterwards."""

from __future__ import annotations

from typing import Any

from nn.errors import DataError
from nn.modules.module import Module


def matched_features(model: Any, features: Any) -> Any:
    """The columns of a data frame in the order of the model's inputs; other features as they are.

    Raises DataError (a ValueError) that lists missing and unexpected columns where a model with named inputs meets
    others.
    """
    given, wanted = column_names(features), getattr(model, "feature_names", None)
    if given is None or wanted is None or given == wanted:
        return features
    missing = [name for name in wanted if name not in given]
    unexpected = [name for name in given if name not in wanted]
    if missing or unexpected:
        raise DataError(
            f"the columns are not those that the model was trained on: missing {', '.join(missing) or 'nothing'}; "
            f"unexpected {', '.join(unexpected) or 'nothing'}; pass features[list(model.feature_names)], or an array"
        )
    return features[list(wanted)]


def name_inputs(model: Any, features: Any) -> None:
    """Name the inputs of a Module after the columns of a data frame, and the weights that read them."""
    names = column_names(features)
    if names is None or not isinstance(model, Module) or model.feature_names is not None:
        return
    model.feature_names = names
    label = getattr(model, "label_inputs", None)
    if label is not None:
        label(names)


def column_names(features: Any) -> tuple[str, ...] | None:
    """The titles of the columns, or None unless there are, all of them different strings."""
    names = tuple(getattr(features, "columns", ()))
    if not names or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        return None
    return names
