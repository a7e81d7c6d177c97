"""Arrays of Values: an ndarray whose NumPy functions go to the table, one scalar at a time."""
