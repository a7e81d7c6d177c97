"""A picture as plain data, without a word of any format. In order: model, scale, neurons, cards, columns, compose."""
