"""What a monitoring system is told: figures of this process and of the database, for Prometheus.

    tally       what this process has done since it started
    exposition  the figures as Prometheus reads them
    exporter    serves them over HTTP, or writes them into a file

What is told of each feed is its name and how it does; no address is in it.
"""
