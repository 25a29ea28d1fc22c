"""When to poll next, and why: pure functions (docs/when-to-poll.md).

`after_success` and `after_failure` decide about one feed, `while_pushed` makes polls of a feed
rarer whose hub pushes, `poll_cost_for` holds all feeds together to the user's budget of requests,
`spread_backlog` sorts out what fell due while nobody was polling, `at_new_pace` what was planned
before the file changed.
"""

from feedd.schedule.moved_polls import PlannedPoll, at_new_pace, spread_backlog
from feedd.schedule.next_poll import after_failure, after_success, while_pushed
from feedd.schedule.pace import FEEDS_AT_MOST, NextPoll, Pace, fresh_until, poll_cost_for
