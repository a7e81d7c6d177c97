"""One thread for every side: the limits that NumPy's, PyTorch's, JAX's and CasADi's libraries read when loaded."""

import os

for _library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_ENABLE_X64"] = "1"  # float64 on every side
os.environ["JAX_PLATFORMS"] = "cpu"
