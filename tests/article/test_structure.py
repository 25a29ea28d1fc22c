"""Structure that readers would miss: each kind of it in four page templates."""

from __future__ import annotations

import pytest

from benchmarks.structure import TEMPLATES, measure


@pytest.mark.parametrize("name", TEMPLATES)
def test_all_structure_of_the_sample_page_survives(name: str) -> None:
    kept, _ = measure(TEMPLATES[name])
    assert not [row for row in kept if row.kept < row.of]
