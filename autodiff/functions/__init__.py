"""The documented functions, by family; each family lists its own."""
