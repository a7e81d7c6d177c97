import numpy as np
from value_arrays import data, descend, gradients, values


def test_values_keep_shape_and_order_and_are_labeled():
    array = values([[1, 2, 3], [4, 5, 6]], name="w")
    assert data(array).tolist() == [[1, 2, 3], [4, 5, 6]]
    assert array[1, 2].label == "w[1,2]"
    assert values([1.0], name="v")[0].label == "v[0]"


def test_descend_steps_against_the_gradient_and_clears_it():
    array = values([1.0, 2.0], name="w")
    np.dot([3.0, 4.0], array).backward()
    assert gradients(array).tolist() == [3.0, 4.0]
    assert descend(array, learning_rate=0.5).tolist() == [-1.5, -2.0]
    assert data(array).tolist() == [-0.5, 0.0]
    assert gradients(array).tolist() == [0.0, 0.0]
