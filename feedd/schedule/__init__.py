"""When to poll next, and why: pure functions (docs/when-to-poll.md).

`after_success` and `after_failure` decide about one feed, `while_pushed` makes polls of a feed
rarer whose hub pushes, `poll_cost_for` holds all feeds together to the user's budget of requests,
`spread_backlog` sorts out what fell due while nobody was polling.
"""

from feedd.schedule.next_poll import after_failure, after_success, spread_backlog, while_pushed
from feedd.schedule.pace import FEEDS_AT_MOST, NextPoll, Pace, fresh_until, poll_cost_for
