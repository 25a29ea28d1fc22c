"""When it runs: the schedule's tick, signals, reload, readiness, watchdog, upkeep."""

from feedd.daemon.lifecycle import Daemon
