"""What a monitoring system is told: figures of this process and of the database, for Prometheus.

What is told of each feed is its name and how it does; no address is in it.
"""
