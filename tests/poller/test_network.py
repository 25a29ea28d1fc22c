"""Rule 41: a network that is down is nobody's fault."""

from __future__ import annotations

import random

import pytest

from feedd.model import FeedState
from feedd.outcome import Failure, FailureKind, status_failure
from feedd.poller.network import Network, Suspect, askable_without, is_suspect, verdict


def suspects(*pairs: tuple[str, FailureKind]) -> list[Suspect]:
    return [Suspect(host, Failure(kind, kind)) for host, kind in pairs]


@pytest.mark.parametrize(
    ("failures", "before", "expected"),
    [
        ((("a", "dns"), ("b", "dns")), "up", "down"),
        ((("a", "dns"), ("b", "connect"), ("c", "timeout")), "up", "down"),
        ((("a", "dns"), ("a", "dns")), "up", "up"),
        ((("a", "dns"),), "down", "down"),
        ((("a", "not-a-feed"), ("b", "not-a-feed"), ("c", "tls")), "up", "portal"),
        ((("a", "not-a-feed"), ("b", "not-a-feed")), "up", "up"),
        ((("a", "tls"), ("b", "tls"), ("c", "tls")), "up", "up"),
        ((("a", "not-a-feed"), ("b", "not-a-feed"), ("c", "redirect")), "up", "portal"),
        ((("a", "not-a-feed"), ("b", "tls"), ("c", "redirect")), "up", "portal"),
        ((("a", "not-a-feed"), ("b", "not-a-feed"), ("c", "dns")), "up", "up"),
        ((("a", "not-a-feed"), ("b", "not-a-feed"), ("b", "not-a-feed")), "up", "up"),
        ((("a", "dns"), ("b", "not-a-feed")), "up", "up"),
        ((("a", "server"), ("b", "dns")), "portal", "portal"),
    ],
)
def test_rule_41_only_failures_that_all_hosts_share_are_the_networks(
    failures: tuple[tuple[str, FailureKind], ...], before: Network, expected: Network
) -> None:
    assert verdict(suspects(*failures), before) == expected


@pytest.mark.parametrize("before", ["up", "down", "portal"])
def test_rule_41_a_network_that_asks_for_a_log_in_by_511_is_never_taken_for_a_server(
    before: Network,
) -> None:
    asked = status_failure(511, conditional=False)
    assert asked is not None
    assert is_suspect(asked)
    assert "log-in" in asked.message
    assert verdict([Suspect("a", asked)], before) == ("portal" if before == "up" else before)
    others = suspects(("b", "tls"), ("c", "timeout"))
    assert verdict([*others, Suspect("a", asked)], "up") == "portal"


def test_rule_41_a_proxy_that_lets_nothing_out_is_no_servers_fault() -> None:
    failure = Failure("proxy", "connection refused by the proxy: no server is running there")
    assert is_suspect(failure)
    several = [Suspect("a", failure), Suspect("b", failure)]
    assert verdict(several, "up") == "proxy"
    assert verdict(several[:1], "up") == "up"
    assert verdict([several[0], *suspects(("b", "dns"))], "up") == "down"
    wanted = status_failure(407, conditional=False)
    assert wanted is not None
    assert "proxy" in wanted.message
    assert verdict([Suspect("a", wanted), Suspect("b", wanted)], "up") == "proxy"


@pytest.mark.parametrize("kind", ["gone", "refused", "throttled", "server", "parse"])
def test_rule_41_an_answer_from_the_server_is_never_blamed_on_the_network(
    kind: FailureKind,
) -> None:
    assert not is_suspect(Failure(kind, "said so"))


def test_rule_41_a_refused_connection_proves_that_somebody_is_there() -> None:
    assert not is_suspect(Failure("no-server", "connection refused by example.org"))
    assert is_suspect(Failure("connect", "no route to example.org"))


@pytest.mark.parametrize("kind", ["dns", "timeout", "not-a-feed", "tls", "redirect"])
def test_rule_41_what_a_dead_network_or_a_log_in_page_would_cause_may_be_theirs(
    kind: FailureKind,
) -> None:
    assert is_suspect(Failure(kind, "said so"))


def test_rule_41_without_a_network_one_feed_is_asked_and_those_that_need_none() -> None:
    due = [
        FeedState(number, name, url, url)
        for number, (name, url) in enumerate(
            [("a", "https://a.example/"), ("file", "file:///x"), ("b", "https://b.example/")]
        )
    ]
    asked = {
        tuple(feed.name for feed in askable_without(due, random.Random(seed))) for seed in range(20)
    }
    assert asked == {("a", "file"), ("b", "file")}
    assert askable_without(due[1:2], random.Random(1)) == due[1:2]
