"""The page: one file in which a graph can be asked why a gradient is what it is."""
