"""The story of `textwire up`: what is prepared, what is started after what, and how it ends."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from msgspec.structs import replace

from textwire.cli._checkup import check_settings, import_settings
from textwire.cli._report import Report
from textwire.errors import StackError
from textwire.hosts import loopback_beside, reached_at, with_port
from textwire.models.artifacts.registry import open_registry
from textwire.models.artifacts.task_names import task_of
from textwire.settings import KafkaSettings, RedisSettings, StackSettings, load
from textwire.stack.connectivity import require_broker, require_redis
from textwire.stack.first_run import (
    install_shipped,
    load_sample_knowledge,
    make_missing_models,
    pipelines_here,
)
from textwire.stack.folder import close_to_others, end_orphans, sole_stack
from textwire.stack.logs import log_path, rotate
from textwire.stack.pids import birth_of
from textwire.stack.ports import choose_port
from textwire.stack.process import Process
from textwire.stack.programs import (
    GATEWAY,
    dashboard_process,
    gateway_process,
    installed,
    samples_process,
    service_process,
)
from textwire.stack.servers import start_kafka, start_valkey
from textwire.stack.signals import stop_signals
from textwire.stack.state import StackState, forget_state, state_of, write_state
from textwire.stack.supervisor import Supervisor
from textwire.wire.registry import TOPICS


@dataclass(frozen=True)
class Wishes:
    """What to start, and where; a server's address means that it runs elsewhere."""

    data_dir: Path
    bootstrap_servers: str
    redis_url: str
    sample_world: bool
    sample_knowledge: bool
    servers_only: bool
    settings: StackSettings

    @classmethod
    def from_settings(
        cls,
        *,
        bootstrap_servers: str | None,
        redis_url: str | None,
        sample_world: bool,
        sample_knowledge: bool,
        servers_only: bool,
    ) -> Self:
        """What was said on the command line, or else in the settings."""
        settings = load(StackSettings)
        return cls(
            data_dir=settings.data_dir.absolute(),
            bootstrap_servers=bootstrap_servers or load(KafkaSettings).bootstrap_servers,
            redis_url=redis_url or load(RedisSettings).url.get_secret_value(),
            sample_world=sample_world and settings.samples,
            sample_knowledge=sample_knowledge and settings.sample_knowledge,
            servers_only=servers_only,
            settings=settings,
        )


class Stack:
    """One start of everything, until it is told to stop."""

    def __init__(self, wishes: Wishes, report: Report) -> None:
        self.wishes, self.report = wishes, report
        self._supervisor = Supervisor(report.tell, changed=self._write_down)
        self._state = StackState(
            pid=os.getpid(),
            born_at=birth_of(os.getpid()),
            bootstrap_servers=wishes.bootstrap_servers,
            redis_url=wishes.redis_url,
        )

    def prepare(self) -> None:
        """What takes long at the first start, and shows its progress: Kafka's jars, models.

        Raises: TextwireError: something is missing; nothing was started yet.
        """
        self.report.heading(f"Textwire in {self.wishes.data_dir}")
        if not self.wishes.servers_only:
            self._check_settings()
        for name in end_orphans(self.wishes.data_dir):
            self.report.tell(f"{name} was left running by a start that died; it was ended")
        if told := close_to_others(self.wishes.data_dir):
            self.report.tell(told)
        if self.wishes.bootstrap_servers:
            require_broker(self.wishes.bootstrap_servers)
        else:
            self.report.fetch_kafka()
        if self.wishes.redis_url:
            require_redis(self.wishes.redis_url)
        if not self.wishes.servers_only:
            self._prepare_models()

    def run(self, *, prepared: bool = False) -> None:
        """Prepare, start, watch until Ctrl-C or SIGTERM, stop.

        Raises: TextwireError: something could not be started; what was is stopped again.
        """
        with sole_stack(self.wishes.data_dir):
            try:
                with stop_signals(self._say_stopping, self._supervisor.kill), self._supervisor:
                    if not prepared:
                        self.prepare()
                    self._start()
                    if not prepared:
                        self.report.where_to_go(self._state)
                    self._supervisor.watch_for_ever()
            except KeyboardInterrupt:  # how the signals end the watch
                self.report.tell("all has stopped")
            finally:
                forget_state(self.wishes.data_dir)

    def _start(self) -> None:
        self._start_redis()
        self._start_kafka()
        self._create_topics()
        if not self.wishes.servers_only:
            self._load_knowledge()
            self._start_programs()
        self._change_state(up=True)

    def _check_settings(self) -> None:
        """Of every part: by a wrong one a service would end, and be started again for ever."""
        import_settings()
        found = check_settings()
        if found.verdict != "good":
            self.report.tell(f"{found.what}. {found.to_do}")

    def _prepare_models(self) -> None:
        """One's own champion stays, whatever it was made from: only what is missing is made."""
        began, registry = time.monotonic(), open_registry()
        missing = {task_of(name): name for name in pipelines_here()}
        missing = {task: name for task, name in missing.items() if registry.alias(task) is None}
        if missing:
            with self.report.console.status("models: putting them together"):
                left = install_shipped(list(missing), registry, self.wishes.data_dir)
            if left:
                make_missing_models([missing[task] for task in left])
        versions = ", ".join(f"{name} {registry.alias(task_of(name))}" for name in pipelines_here())
        self.report.done("models", versions, time.monotonic() - began)

    def _start_redis(self) -> None:
        if self.wishes.redis_url:
            return
        with self.report.step("redis", "starting") as outcome:
            server = start_valkey(
                self.wishes.data_dir,
                self.wishes.settings.redis_port,
                host=loopback_beside(self.wishes.settings.host),
            )
            self._state = replace(self._state, redis_url=server.url)
            self._supervisor.adopt(server)
            outcome.append(_placed(server.url, server.port, self.wishes.settings.redis_port))

    def _start_kafka(self) -> None:
        if self.wishes.bootstrap_servers:
            return
        settings = self.wishes.settings
        with self.report.step("kafka", "starting") as outcome:
            server = start_kafka(
                self.wishes.data_dir,
                settings.kafka_port,
                host=settings.host,
                heap_mb=settings.kafka_heap_mb,
            )
            self._state = replace(self._state, bootstrap_servers=server.bootstrap_servers)
            self._supervisor.adopt(server)
            outcome.append(_placed(server.bootstrap_servers, server.port, settings.kafka_port))

    def _create_topics(self) -> None:
        from textwire.stream.kafka.connecting import create_topics

        there = {"bootstrap_servers": self._state.bootstrap_servers}
        with self.report.step("topics", "creating") as outcome:
            created = create_topics(TOPICS.values(), load(KafkaSettings).model_copy(update=there))
            outcome.append(f"{len(created)} created" if created else "all there")

    def _load_knowledge(self) -> None:
        if not self.wishes.sample_knowledge:
            return
        with self.report.step("knowledge", "loading the sample knowledge") as outcome:
            now = load_sample_knowledge(self._knowledge_mark_dir, self._environment)
            outcome.append("sample knowledge loaded" if now else "sample knowledge loaded before")

    def _start_programs(self) -> None:
        settings, folder = self.wishes.settings, self.wishes.data_dir
        port = choose_port(settings.dashboard_port, settings.host)
        told = (folder, self._environment, settings.restart_silent_after_s)
        gateway_port = choose_port(settings.gateway_port, settings.host)
        dashboard = dashboard_process(settings.host, port, *told)
        gateway = gateway_process(settings.host, gateway_port, *told)
        services = [
            service_process(name, *told) for name in installed("services") if name != GATEWAY
        ]
        self._start_together("services", *services, gateway, dashboard)
        self._change_state(
            dashboard_url=dashboard.part.address,
            gateway_url=f"http://{with_port(reached_at(settings.host), gateway_port)}",
        )
        if self.wishes.sample_world:
            self._start_together("samples", samples_process(folder, self._environment))

    def _start_together(self, step: str, *processes: Process) -> None:
        names = ", ".join(process.name for process in processes)
        with self.report.step(step, f"starting {names}") as outcome:
            self._supervisor.start(*processes)
            outcome.append(names)

    @property
    def _environment(self) -> dict[str, str]:
        """What every program of the stack is told."""
        return {
            "TEXTWIRE_STACK_DATA_DIR": str(self.wishes.data_dir),
            "TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS": self._state.bootstrap_servers,
            "TEXTWIRE_REDIS_URL": self._state.redis_url,
        }

    @property
    def _knowledge_mark_dir(self) -> Path:
        """Beside the records, so that it goes when they go."""
        folder = self.wishes.data_dir
        return folder if self.wishes.bootstrap_servers else folder / "kafka"

    def _change_state(self, **changes: Any) -> None:
        self._state = replace(self._state, **changes)
        self._write_down()

    def _write_down(self) -> None:
        if not (self._state.bootstrap_servers and self._state.redis_url):
            return  # other verbs would look for the one that is not there yet
        parts = {part.name: state_of(part) for part in self._supervisor.parts}
        self._state = replace(self._state, parts=parts)
        rotate(log_path(self.wishes.data_dir, "up"))
        try:
            write_state(self.wishes.data_dir, self._state)
        except StackError as error:  # a full disk: what runs goes on
            self.report.tell(str(error))

    def _say_stopping(self) -> None:
        self.report.tell("stopping; once more to stop at once")


def _placed(address: str, port: int, wished: int) -> str:
    return address if port == wished else f"{address} (port {wished} is taken)"
