"""The examples are scripts: their folders stand on sys.path here, as they do when Python runs them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"

for folder in (EXAMPLES, EXAMPLES / "seeds"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    """What each seed program computes, from an independent implementation."""
    return json.loads((Path(__file__).parent / "reference.json").read_text())


@pytest.fixture(scope="session")
def data() -> Any:
    from admissions_job.records import DEFAULT_CSV, read_records
    from data_preparation import prepare

    return prepare(read_records(DEFAULT_CSV))
