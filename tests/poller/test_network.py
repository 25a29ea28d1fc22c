"""Rule 41: a network that is down is nobody's fault."""

from __future__ import annotations

import pytest

from feedd.outcome import Failure, FailureKind
from feedd.poller.network import Network, Suspect, is_suspect, verdict


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
        ((("a", "dns"), ("b", "not-a-feed")), "up", "up"),
    ],
)
def test_rule_41_only_failures_that_all_hosts_share_are_the_networks(
    failures: tuple[tuple[str, FailureKind], ...], before: Network, expected: Network
) -> None:
    assert verdict(suspects(*failures), before) == expected


@pytest.mark.parametrize("kind", ["gone", "refused", "throttled", "server", "parse"])
def test_rule_41_an_answer_from_the_server_is_never_blamed_on_the_network(
    kind: FailureKind,
) -> None:
    assert not is_suspect(Failure(kind, "said so"))


def test_rule_41_a_refused_connection_proves_that_somebody_is_there() -> None:
    assert not is_suspect(Failure("connect", "connection refused by example.org"))
    assert is_suspect(Failure("connect", "no route to example.org"))
