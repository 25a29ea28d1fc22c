"""What the engine does, the audit of its own history finds to be polite."""

from __future__ import annotations

from feedd.audit import Policy, judge
from feedd.store.polls import histories
from tests.loopback import Reply
from tests.poller.conftest import START, House, rss
from tests.poller.test_rules_requests import TAGGED, conditional

DAY_S = 86_400


def test_days_of_polling_servers_of_every_kind_leave_no_breach(house: House) -> None:
    house.set(adaptive=False, interval_s=4 * 3600)
    answers = iter([429, 200, 503, 500, 404, 200, 200])
    for name in ("tagged", "moved", "odd", "gone"):
        house.feed(name)
    house.loopback.on("/tagged", conditional(rss("a")))
    house.loopback.on("/moved", Reply(301, {"Location": "/tagged"}))
    house.loopback.on(
        "/odd", lambda seen: Reply(next(answers, 200), {**TAGGED, "Retry-After": "7200"}, rss("b"))
    )
    house.loopback.on("/gone", Reply(410))
    while house.now < START + 3 * DAY_S:
        house.poll()
        house.now = min(
            (s.next_poll for s in map(house.state, house.feeds) if s.next_poll), default=house.now
        )
    with house.reader() as db:
        audit = judge(histories(db, 0), Policy(house.settings.min_interval_s, 2))
    assert not [each.breaches for each in audit.behaviours if each.breaches]
    met = {each.name for each in audit.behaviours if each.occasions}
    assert len(met) >= 8
    assert audit.unrecorded == 0
    (use,) = audit.hosts
    assert use.requests == len(house.loopback.seen)
    assert (use.throttled, use.unavailable) == (1, 1)
    assert use.unmodified > use.whole > 0
