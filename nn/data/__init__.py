"""Data: records and features as arrays, and batches of them."""
