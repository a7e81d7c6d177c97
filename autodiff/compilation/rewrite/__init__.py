"""From symbols to symbols: derivatives, algebra, sums over the batch."""
