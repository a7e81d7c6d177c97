"""Why a gradient is what it is, as plain data: ledgers, paths, explanations, culprits, differences."""
