"""The main job: train the admissions networks of the seed documents by graph traversal, judge them, draw them.

    python examples/admissions.py

Writes results.json, the gradient graph of one record (graph.svg), the loss curves (loss.png), and two pages for a
browser: every record, what-if and training (graph.html), and the run epoch by epoch (training.html).
"""

from __future__ import annotations

from admissions_job import interruption

if __name__ == "__main__":
    interruption.leave_quietly()  # before the imports that take a second

import math
import sys
from collections.abc import Sequence
from pathlib import Path

from admissions_job.command_line import OptionError, Options, read_options
from admissions_job.interruption import INTERRUPTED, TERMINATED, Terminated
from admissions_job.networks import train
from admissions_job.output_folder import named, output_folder
from admissions_job.pictures import loss_curves, record_picture, write_pages
from admissions_job.records import DEFAULT_CSV, RecordsError, read_records
from admissions_job.report import check_printer, print_data, print_files, print_heading, print_remark, print_result
from admissions_job.results import Baseline, Result, baseline, evaluate, write_results
from data_preparation import SPLIT_SEED, Preparation, prepare

import viz

FILES = ("results.json", "loss.png", "graph.svg", "graph-one-layer.svg", "graph.html", "training.html")
"""What may be written."""


def train_networks(options: Options, data: Preparation, floor: Baseline) -> list[Result]:
    """Train and report one network after the other; Ctrl-C leaves out those that have not begun.

    Raises OptionError where a network ends with a loss that is not a number.
    """
    results: list[Result] = []
    seed_data = options.csv == DEFAULT_CSV and options.split_seed == SPLIT_SEED and options.batch_size is None
    for recipe in options.recipes():
        print_heading(recipe)
        training = train(
            recipe,
            data,
            batch_size=options.batch_size,
            callback=check_printer(recipe, data),
            compiled=not options.graphs,
            filmed=not options.no_pictures,
        )
        if not math.isfinite(training.history.final_loss):
            raise OptionError(
                f"--learning-rate {recipe.learning_rate:g} drove the weights beyond all numbers; give less"
            )
        results.append(evaluate(training, data))
        print_result(results[-1], floor, compiled=not options.graphs)
        print_remark(results[-1], floor, seed_data=seed_data)
        if training.history.interrupted:
            break
    return results


def graph_files(results: Sequence[Result]) -> dict[str, str]:
    """The file of each network's graph: graph.svg for the only or the last one, which is the deeper."""
    names = [result.training.recipe.name for result in results]
    return {name: "graph.svg" if name == names[-1] else f"graph-{name}.svg" for name in names}


def draw_pictures(folder: Path, results: Sequence[Result], data: Preparation, *, record: int, floor: Baseline) -> bool:
    """Write the pictures; False, with a line on stderr, where no program can lay a graph out."""
    trainings = [result.training for result in results]
    with named(folder / "loss.png"):
        loss_curves(trainings, constant_mse=floor.constant_train_mse).savefig(folder / "loss.png", dpi=150)
    write_pages(folder, trainings[-1], data)
    files = graph_files(results)
    try:
        for training in trainings:
            picture = record_picture(training.model, data, record)
            with named(folder / files[training.recipe.name]):
                picture.render(folder / files[training.recipe.name], cleanup=True)
    except (viz.RenderError, viz.LayoutTimeoutError) as error:
        print(f"admissions.py: no graph was drawn: {error}".replace(f"{folder}/", ""), file=sys.stderr)
        return False
    return True


def run(options: Options) -> int:
    """Do the whole job and return the exit status."""
    data = prepare(read_records(options.csv), split_seed=options.split_seed)
    options.check_against(records=len(data.targets), training=len(data.training))
    print_data(data, split_seed=options.split_seed)
    floor, drawn = baseline(data), True
    with output_folder(options.out, files=FILES) as folder:
        results = train_networks(options, data, floor)
        with named(folder / "results.json"):
            write_results(folder / "results.json", results)
        if not options.no_pictures:
            drawn = draw_pictures(folder, results, data, record=options.record, floor=floor)
        written = sorted(path.name for path in folder.iterdir())
    print_files(options.out, written, graphs=graph_files(results), record=options.record, data=data)
    if results[-1].training.history.interrupted:
        return INTERRUPTED
    return 0 if drawn else 1


def main(argv: Sequence[str] | None = None) -> int:
    with interruption.handled():
        return _run_or_refuse(argv)


def _run_or_refuse(argv: Sequence[str] | None) -> int:
    """The exit status; one line on stderr says why it is not 0."""
    try:
        return run(read_options(argv))
    except (RecordsError, OptionError, OSError) as error:
        print(f"admissions.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("admissions.py: interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED
    except Terminated:
        print("admissions.py: asked to end; nothing was written", file=sys.stderr)
        return TERMINATED


if __name__ == "__main__":
    sys.exit(main())
