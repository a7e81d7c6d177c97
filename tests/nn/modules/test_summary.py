import pytest

from nn import MLP, Dropout, Layer, Linear, Sequential

MIXED = """\
part                     inputs  outputs  parameters
parts[0] Linear(64, 32)      64       32       2,080
parts[1] relu                                      0
parts[2] Dropout(0.2)                              0
parts[3] Linear(32, 10)      32       10         330
2,410 parameters"""


def test_the_parts_of_a_sequential():
    model = Sequential(Linear(64, 32), "relu", Dropout(0.2), Linear(32, 10))
    assert repr(model.summary()) == MIXED


def test_a_part_that_stands_twice_counts_once():
    shared = Linear(2, 2)
    assert Sequential(shared, "tanh", shared).summary().total == 6


@pytest.mark.parametrize("model", [MLP(3, [2, 1]), Layer(3, 2, activation="softmax"), Sequential(Linear(1, 1))])
def test_a_notebook_shows_a_table(model):
    page = model._repr_html_()
    assert page.startswith("<table>")
    assert f"{len(model.parameters())} parameters" in page


def test_markup_in_names_is_escaped():
    def less(x):
        return x

    less.__name__ = "<b>"
    assert "<b>" not in Sequential(Linear(1, 1), less)._repr_html_()
