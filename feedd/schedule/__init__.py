"""When to poll next, and why: pure decisions (docs/when-to-poll.md).

`after_success` and `after_failure` decide about one feed, `price_for` holds all feeds together to
the user's budget of requests, `spread_backlog` sorts out what fell due while nobody was polling,
`while_pushed` makes polls of a feed rarer whose hub pushes, `next_poll` decides from a history
alone, for judging the schedule.
"""

from feedd.schedule.backlog import spread_backlog
from feedd.schedule.backoff import after_failure
from feedd.schedule.bounds import fresh_until
from feedd.schedule.deciding import after_success
from feedd.schedule.history import next_poll
from feedd.schedule.pace import Decision, Pace
from feedd.schedule.price import price_for
from feedd.schedule.pushes import while_pushed

__all__ = [
    "Decision",
    "Pace",
    "after_failure",
    "after_success",
    "fresh_until",
    "next_poll",
    "price_for",
    "spread_backlog",
    "while_pushed",
]
