"""What the tests share: the shipped rules, talks written as text, and the development data where it is there."""

import socket
from pathlib import Path

import pytest

from audit.examples import conversation
from audit.facts import Facts
from audit.form import Form, load_form
from audit.model import Channel, Conversation, Verdict
from audit.rule import Example
from audit.rulepack import Rulepack, load

PROJECT = Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Nothing in this project talks to anybody, but for cloud stores, which are tried against a server of the test's own."""
    if request.node.get_closest_marker("loopback"):
        return

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a test tried to open a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="session")
def pack() -> Rulepack:
    return load(examples=True)


@pytest.fixture(scope="session")
def standard(pack: Rulepack) -> Form:
    return load_form("standard", pack)


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("needs the development data in ../shared")
    return SHARED


@pytest.fixture(scope="session")
def samples() -> Path:
    return PROJECT / "sample_transcripts"


def talk(text: str, channel: Channel = Channel.UNKNOWN) -> Conversation:
    """The conversation that TEXT is, written as in the examples of a rule."""
    return conversation(Example(Verdict.PASS, text.strip(), channel=channel))


@pytest.fixture
def facts(pack: Rulepack):
    """A function from a talk as text to its facts."""

    def make(text: str, channel: Channel = Channel.UNKNOWN) -> Facts:
        return pack.facts(talk(text, channel))

    return make
