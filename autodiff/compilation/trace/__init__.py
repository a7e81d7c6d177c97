"""From a function to symbols: what its call does with one record."""
