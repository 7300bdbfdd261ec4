"""A broker that asks for a login: a wrong password and missing rights read as what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest

from textwire.errors import BrokerUnavailable
from textwire.settings import KafkaSettings, StreamSettings
from textwire.stack.jars import kafka_jars
from textwire.stack.java import find_java
from textwire.stack.kafka import KafkaServer
from textwire.stack.ports import free_port
from textwire.stream.clients.sender import Sender
from textwire.stream.kafka.connecting import create_topics
from textwire.stream.kafka.member import KafkaMember
from textwire.stream.kafka.publisher import TransactionalPublisher
from textwire.support_qa.messages import Question
from textwire.support_qa.topics import SUPPORT_QUESTIONS

USERS = {"admin": "admin-secret", "allowed": "secret", "denied": "secret"}


class LoginServer(KafkaServer):
    """A broker with one more listener, on which users log in; who does not is an administrator."""

    def __init__(self, folder: Path) -> None:
        self.login_port = free_port()
        super().__init__(folder, port=free_port(), jars=kafka_jars(), java=find_java())

    def _settings(self) -> dict[str, object]:
        users = " ".join(f'user_{name}="{password}"' for name, password in USERS.items())
        listener = f",LOGIN://127.0.0.1:{self.login_port}"
        addresses = self._addresses()
        return {
            **super()._settings(),
            **addresses,
            "listeners": addresses["listeners"] + listener,
            "advertised.listeners": addresses["advertised.listeners"] + listener,
            "listener.security.protocol.map": (
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_PLAINTEXT"
            ),
            "sasl.enabled.mechanisms": "PLAIN",
            "listener.name.login.plain.sasl.jaas.config": (
                "org.apache.kafka.common.security.plain.PlainLoginModule required "
                f'username="admin" password="admin-secret" {users};'
            ),
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS;User:allowed",
            "connection.failed.authentication.delay.ms": "100",
        }


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoginServer]:
    server = LoginServer(tmp_path_factory.mktemp("login"))
    server.start()
    create_topics([SUPPORT_QUESTIONS], KafkaSettings(bootstrap_servers=server.bootstrap_servers))
    yield server
    server.stop()


def login(broker: LoginServer, user: str, password: str, mechanism: str = "PLAIN") -> KafkaSettings:
    return KafkaSettings(
        bootstrap_servers=f"127.0.0.1:{broker.login_port}",
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism=mechanism,  # type: ignore[arg-type]
        sasl_username=user,
        sasl_password=password,  # type: ignore[arg-type]
        answer_timeout_s=2,
    )


class NobodyHolds:
    """Takes no partitions."""

    def assigned(self, *_given: object) -> None: ...

    def release(self, done: Callable[[], None]) -> None:
        done()

    def lose(self) -> None: ...


def make_topics(settings: KafkaSettings) -> None:
    create_topics([SUPPORT_QUESTIONS], settings)


def join(settings: KafkaSettings) -> None:
    member = KafkaMember((SUPPORT_QUESTIONS.name,), "group", 0, StreamSettings(), settings)
    try:
        member.start(NobodyHolds())
        for _ in range(20):
            member.poll(0.1)
    finally:
        member.close(timeout_s=1)


def publish(settings: KafkaSettings) -> None:
    TransactionalPublisher("group-0", settings).start()


def send(settings: KafkaSettings) -> None:
    sender = Sender("test", settings)
    try:
        sender.send(SUPPORT_QUESTIONS, Question(session_id="s", text="t"))
    finally:
        sender.close()


each_client = pytest.mark.parametrize("ask", [make_topics, join, publish, send])


@each_client
def test_a_wrong_password_is_told_as_one(broker: LoginServer, ask: Callable[..., None]) -> None:
    began = monotonic()
    with pytest.raises(BrokerUnavailable, match="does not let us in") as told:
        ask(login(broker, "allowed", "wrong"))
    assert "kafka.sasl_password" in str(told.value)
    assert "wrong" not in str(told.value)
    assert monotonic() - began < 15


def test_a_mechanism_that_the_broker_does_not_offer_is_told_as_that(broker: LoginServer) -> None:
    with pytest.raises(BrokerUnavailable, match=r"does not let us in.*UnsupportedSaslMechanism"):
        make_topics(login(broker, "allowed", "secret", "SCRAM-SHA-512"))


@each_client
def test_missing_rights_are_told_as_that(broker: LoginServer, ask: Callable[..., None]) -> None:
    with pytest.raises(BrokerUnavailable, match="does not allow it"):
        ask(login(broker, "denied", "secret"))


def test_who_may_is_let_in(broker: LoginServer) -> None:
    for ask in (make_topics, join, publish, send):
        ask(login(broker, "allowed", "secret"))


def test_a_refusal_of_before_does_not_explain_a_broker_that_is_away(broker: LoginServer) -> None:
    with pytest.raises(BrokerUnavailable, match="does not let us in"):
        make_topics(login(broker, "allowed", "wrong"))
    away = KafkaSettings(bootstrap_servers=f"127.0.0.1:{free_port()}", answer_timeout_s=1)
    with pytest.raises(BrokerUnavailable, match="does not answer"):
        make_topics(away)
