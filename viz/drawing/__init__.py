"""A picture as plain data, without a word of any format.

In order: `sketch` reads a graph, `folding` makes it smaller, `neurons` and `network` find cards in it, `cards`,
`columns` and `vertices` place everything, `compose` puts it together as the `Drawing` of `model`.
"""
