"""What the main job prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from data_preparation import Preparation
from tqdm import tqdm

from admissions_job.networks import RECIPES, Recipe
from admissions_job.results import Baseline, Confusion, Result
from nn import MLP, History, predict

RISING = "  WARNING - the loss is rising"
FASTER = """   The listing's rate is a hundredth of the one-layer network's. At rate 0.5 the same network, in as many
   epochs, reaches about 0.1999 and a test accuracy of 0.75:
   python examples/admissions.py --network two-layer --learning-rate 0.5"""
PAGES = {
    "graph.html": "why each gradient is what it is, and what follows from a change",
    "training.html": "how the network came to be, epoch by epoch",
}


def print_data(data: Preparation, *, split_seed: int) -> None:
    """One line about the records and their split."""
    training, test = data.targets[data.training], data.targets[data.test]
    print(
        f"{len(data.targets)} records: {len(training)} for training, {training.sum():.0f} of them admitted; "
        f"{len(test)} for testing, {test.sum():.0f} admitted; split seed {split_seed}"
    )


def print_heading(recipe: Recipe) -> None:
    """The network, how it is trained, and the head of the table of losses."""
    print(
        f"\n{recipe.name}, {recipe.sizes}: {recipe.epochs} epochs at rate {recipe.learning_rate:g} along half the "
        f"MSE's gradient ({recipe.learning_rate / 2:g} along the whole), weight seed {recipe.seed}"
    )
    print("   epoch  training MSE" + ("  (the listing's, of the last record)" if recipe.hidden else ""))


def check_printer(recipe: Recipe, data: Preparation) -> Callable[[MLP, int, History], None]:
    """A callback for training: a row of the table whenever the loss of all training records has been measured."""

    def print_check(model: MLP, epoch: int, history: History) -> None:
        checked, mse = history.checks[-1]
        if checked == epoch:
            listed = f"  ({listing_loss(model, data):.6f})" if recipe.hidden else ""
            tqdm.write(f"   {epoch:5}      {mse:.6f}{listed}{RISING if rises(history) else ''}")

    return print_check


def rises(history: History) -> bool:
    """Whether the last check is above the one before it."""
    return len(history.checks) > 1 and history.checks[-1][1] > history.checks[-2][1]


def listing_loss(model: MLP, data: Preparation) -> float:
    """What the two-layer listing prints as its loss: the last training record's output against all targets."""
    last = predict(model, data.features[data.training[-1:]])
    return float(np.mean((last - data.targets[data.training]) ** 2))


def print_result(result: Result, baseline: Baseline, *, compiled: bool) -> None:
    """The last loss and the test accuracy, each beside what needs no network, and the confusion table."""
    training = result.training
    if training.history.interrupted:
        print(f"Interrupted after {training.history.epochs} epochs; what was learned until then is kept.")
    print(f"   final      {training.history.final_loss:.6f}  always the mean: {baseline.constant_train_mse:.6f}")
    how = "compiled from the graph of one record" if compiled else "by a graph of all records in every step"
    print(f"   trained in {training.seconds:.2f} s, {how}")
    majority = "admitted" if baseline.majority_admitted else "not admitted"
    print(
        f"   test accuracy {result.test.accuracy:.3f}  always the majority, {majority}: "
        f"{baseline.majority_test_accuracy:.3f}"
    )
    print_confusion(result.test)


def print_confusion(test: Confusion) -> None:
    """The four counts, a row for each truth."""
    print("                     predicted")
    print("                  admitted   not")
    print(f"   admitted       {test.true_positives:8} {test.false_negatives:5}")
    print(f"   not admitted   {test.false_positives:8} {test.true_negatives:5}")


def print_remark(result: Result, baseline: Baseline, *, seed_data: bool) -> None:
    """Say so where training has not even reached the constant predictor, and what would help the seed's own run."""
    recipe, history = result.training.recipe, result.training.history
    if history.final_loss <= baseline.constant_train_mse:
        return
    print(
        f"   This network has barely trained: {history.epochs} epochs at rate {recipe.learning_rate:g} leave it worse "
        "than always predicting the mean."
    )
    if seed_data and recipe == RECIPES["two-layer"]:
        print(FASTER)


def print_files(
    folder: Path, names: Sequence[str], *, graphs: Mapping[str, str], record: int, data: Preparation
) -> None:
    """What was written, which record through which network each graph shows, and what to open."""
    print(f"\nWritten into {folder}: {', '.join(names)}")
    kind = "training" if record in data.training else "test"
    for network, name in graphs.items():
        if name in names:
            print(f"   {name}: {kind} record {record} through the {network} network, with its gradients")
    for name, shown in PAGES.items():
        if name in names:
            print(f"   {name}: {shown}; open it in a browser")
