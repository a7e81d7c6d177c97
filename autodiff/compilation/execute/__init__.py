"""From a Program to numbers: memory, chunks, threads, and the back end."""
