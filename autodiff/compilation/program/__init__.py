"""From symbols to a Program: like operations side by side, as plain data."""
