"""Measurements that can be repeated; docs/performance.md keeps their results."""
