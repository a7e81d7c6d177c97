"""Streams: batches that come one after another, from more data than memory holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, final

import numpy as np

from nn.calls import explained
from nn.data.records import Records
from nn.errors import DataError, OptionError, OptionTypeError
from nn.options import whole_number
from nn.randomness import Randomness


@final
class BatchStream:
    """Data for `fit`, read batch by batch: only a few batches are in memory at any time.

    Parameters
    ----------
    source : callable or iterable
        A function without arguments that returns a new iterator of pairs (features, targets), of shapes (n, inputs)
        and (n,) or (n, outputs); or an iterable of such pairs that can be read again, such as a DataLoader.
        It is read once for each epoch, and once for each time the loss of all data is measured.
    shuffle_buffer : int
        How many records to hold and draw from, at random; 0 keeps the order of the source. It takes the batch_size of
        `fit`, and its `rng`.

    Raises
    ------
    OptionTypeError
        A TypeError, for a source that is neither, or can be read only once, such as a generator.

    Examples
    --------
    >>> import numpy as np
    >>> from nn import MLP, SGD, fit
    >>> def read():
    ...     for start in range(4):
    ...         x = np.arange(start, start + 8.0) / 8
    ...         yield x[:, np.newaxis], 2 * x + 1
    >>> model = MLP(1, [1], rng=0)
    >>> stream = BatchStream(read, shuffle_buffer=16)
    >>> options = {"optimizer": SGD(learning_rate=0.5), "epochs": 100, "batch_size": 8, "rng": 0, "progress": False}
    >>> fit(model, stream, **options).final_loss < 1e-9
    True
    """

    @explained("BatchStream(read, shuffle_buffer=1000)")
    def __init__(self, source: Callable[[], Iterable[Any]] | Iterable[Any], *, shuffle_buffer: int = 0) -> None:
        if isinstance(source, Iterator):
            raise OptionTypeError(
                f"a stream is read again for each epoch and each measurement, and {source!r} can be read only once; "
                "pass the function that makes it, as in BatchStream(read) or BatchStream(lambda: read(path))"
            )
        if not callable(source) and not isinstance(source, Iterable):
            raise OptionTypeError(
                f"BatchStream takes a function that returns an iterator of (features, targets), or an iterable of "
                f"such pairs, got {source!r}"
            )
        self._source = source
        self.shuffle_buffer = whole_number(shuffle_buffer, "shuffle_buffer", least=0)

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        """The pairs of the source, from its beginning.

        Raises OptionTypeError (a TypeError) for anything but a pair, and DataError (a ValueError) where there is none.
        """
        made = self._source() if callable(self._source) else self._source
        if not isinstance(made, Iterable):
            raise OptionTypeError(f"the function of a BatchStream returns an iterator, got {made!r}")
        place = -1
        for place, pair in enumerate(made):
            if not isinstance(pair, (tuple, list)) or len(pair) != 2:
                raise OptionTypeError(
                    f"batch {place} of a stream is a pair (features, targets), got {type(pair).__name__}"
                )
            yield pair[0], pair[1]
        if place < 0:
            raise DataError(
                "the stream gave no batch; its function must return a new iterator in each call, and not one that has "
                "been read"
            )


def rebatched(given: Iterable[Records], size: int | None, buffer: int, rng: Randomness | None) -> Iterator[Records]:
    """The records in batches of `size`, the last of what is left over; None leaves batches as they are.

    With a `buffer` as many records are gathered, or a batch if that is more, put in an order that `rng` draws, and
    half of them given away before more are read. Raises OptionError (a ValueError) for a buffer without a size.
    """
    if size is None:
        if buffer:
            raise OptionError(f"a shuffle_buffer takes a batch_size, the records to draw from its {buffer} for a step")
        yield from given
        return
    held: list[Records] = []
    for records in given:
        held.append(records)
        count = sum(map(len, held))
        if count >= max(buffer, size):
            drawn = _ordered(held, rng if buffer else None)
            full = count // size if not buffer else max(1, count // 2 // size)
            yield from (_rows(drawn, start, start + size) for start in range(0, full * size, size))
            held = [_rows(drawn, full * size, count)] if full * size < count else []
    if held:
        drawn = _ordered(held, rng if buffer else None)
        yield from (_rows(drawn, start, start + size) for start in range(0, len(drawn), size))


def _ordered(held: list[Records], rng: Randomness | None) -> Records:
    features = np.concatenate([records.features for records in held])
    targets = np.concatenate([records.targets for records in held])
    if rng is None:
        return Records(features, targets)
    order = rng.permutation(len(features))
    return Records(features[order], targets[order])


def _rows(records: Records, start: int, stop: int) -> Records:
    return Records(records.features[start:stop], records.targets[start:stop])
