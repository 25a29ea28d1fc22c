"""A house for the metrics' tests, as the poller's tests have one."""

from tests.poller.conftest import house

__all__ = ["house"]
