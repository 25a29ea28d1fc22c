"""When it runs: the schedule's tick, signals, reload, readiness, watchdog, upkeep.

A daemon reads all of its code at its start, what polls seldom need included: read later, an upgrade
would have left another version of it, and want of descriptors nothing at all.
"""

from importlib import import_module

from feedd.daemon.lifecycle import Daemon

SELDOM_NEEDED = (
    *("difflib", "html", "tomllib"),
    "feedd.article.sitememory",
    *(
        f"feedd.configfile.{name}"
        for name in ("file_index", "read_keys", "saved_queries", "statements")
    ),
    *(f"feedd.poller.pages.{name}" for name in ("page_fetcher", "page_queue", "reclean")),
    *("feedd.poller.new_paces", "feedd.poller.push.subscriber"),
    *(f"feedd.poller.relocate.{name}" for name in ("archive_reader", "relocation")),
    *("feedd.listener", "feedd.query", "feedd.records"),
    *(f"feedd.store.{name}" for name in ("acts", "groups", "items", "rule_actions", "similarity")),
    *(f"feedd.web.{name}" for name in ("discovery", "encoding", "robot_checks")),
    "feedd.workers.worker_process",
)
for _name in SELDOM_NEEDED:
    import_module(_name)
