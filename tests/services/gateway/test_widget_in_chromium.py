"""The chat as a customer has it, on a page that is not ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from msgspec.structs import replace
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from services.gateway.pages import WIDGET
from services.gateway.part_following import PartFollower
from tests.chromium import chromium, needs_chromium, severe
from tests.services.gateway.running import Applications, served
from tests.services.gateway.test_support import answer_to
from textwire.errors import BrokerUnavailable
from textwire.support_qa.desk_results import turn_writes
from textwire.support_qa.feedback_results import judged, judged_writes
from textwire.support_qa.messages import Feedback, Question, Source, Turn
from textwire.support_qa.parts import AnswerPart, part_writes
from textwire.support_qa.results import answer_writes
from textwire.support_qa.topics import SUPPORT_QUESTIONS
from textwire.wire.message import Message
from textwire.wire.topic import Topic

pytestmark = needs_chromium

HOSTILE = "<img src=x onerror=alert(1)>"
SEEN_WITHIN_S = 20.0


def bot(behind: Applications, _topic: Topic, message: Message) -> None:
    """Answers with choices, and with sources of which one leads where no link should."""
    if isinstance(message, Feedback):
        writes = judged_writes(judged(message, "", ("1",), datetime.now(UTC)), None)
        behind.results.write(writes)
        return
    assert isinstance(message, Question)
    sources = (
        Source(passage_id="1", text="x", score=1, title="Help", url="https://example.com/help"),
        Source(passage_id="2", text="x", score=1, title=HOSTILE, url="javascript:alert(1)"),
    )
    answer = replace(answer_to(message), sources=sources, choices=("Which card?",))
    behind.results.write(answer_writes(message, answer))
    behind.publish(answer)


def quiet_bot(behind: Applications, _topic: Topic, message: Message) -> None:
    """Says nothing: a colleague has been called."""
    assert isinstance(message, Question)
    answer = replace(answer_to(message), outcome="waiting", text="", sources=())
    behind.results.write(answer_writes(message, answer))
    behind.publish(answer)


def replies(behind: Applications, asked: Question, text: str) -> None:
    turn = Turn(role="agent", text=text, at=datetime.now(UTC), by="Ada")
    behind.results.write(turn_writes(asked.session_id, turn))
    behind.publish(replace(answer_to(asked), outcome="replied", text=text, agent="Ada"))


class Page(BaseHTTPRequestHandler):
    """A page of somebody else, with styles that would spoil anything they reach."""

    gateway = ""

    def do_GET(self) -> None:
        body = (
            "<!doctype html><title>Shop</title><style>* { display: inline !important; "
            "font-size: 2px !important }</style><h1>Shop</h1>"
            f'<script src="{self.gateway}/widget.js" data-title="Help" async></script>'
        )
        self.send_response(200 if self.path == "/" else 204)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        if self.path == "/":
            self.wfile.write(body.encode())

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def page_with_widget(gateway: str) -> Iterator[str]:
    handler = type("Page", (Page,), {"gateway": gateway})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path) as driver:
        yield driver


def in_chat(browser: webdriver.Chrome, script: str) -> Any:
    return browser.execute_script(
        f"const root = document.querySelector('textwire-chat')?.shadowRoot; {script}"
    )


def said(browser: webdriver.Chrome) -> list[str]:
    script = "return [...root.querySelectorAll('.bubble:not(.thinking)')].map(one => one.innerText)"
    return [text.split(": ", 1)[1].strip() for text in in_chat(browser, script)]


def wait_until(browser: webdriver.Chrome, holds: Callable[[], object]) -> None:
    WebDriverWait(browser, SEEN_WITHIN_S, poll_frequency=0.05).until(lambda _: holds())


def open_chat(browser: webdriver.Chrome) -> None:
    wait_until(browser, lambda: in_chat(browser, "return !!root"))
    in_chat(browser, "root.querySelector('.open').click()")


def type_into_chat(browser: webdriver.Chrome, *keys: str) -> None:
    browser.switch_to.active_element.send_keys(*keys)


def asked_beside_a_colleague(
    browser: webdriver.Chrome, page: str, behind: Applications
) -> Question:
    """The question of a customer to whom the bot says nothing."""
    browser.get(page)
    open_chat(browser)
    type_into_chat(browser, "are you there?", Keys.ENTER)
    wait_until(browser, lambda: said(browser)[1:] == ["are you there?"] and quiet(browser))
    (asked,) = behind.sent
    assert isinstance(asked, Question)
    return asked


def test_a_customer_asks_by_keyboard_on_a_page_that_is_not_ours(browser) -> None:
    with served(Applications(bot)) as client, page_with_widget(str(client.base_url)) as page:
        browser.get(page)
        open_chat(browser)
        type_into_chat(browser, HOSTILE, Keys.ENTER)
        wait_until(browser, lambda: f"About {HOSTILE}" in said(browser))
        assert said(browser)[1:] == [HOSTILE, f"About {HOSTILE}"]
        assert in_chat(browser, "return root.querySelectorAll('img').length") == 0
        links = in_chat(browser, "return [...root.querySelectorAll('a')].map(one => one.href)")
        assert links == ["https://example.com/help"]
        wait_until(browser, lambda: f"About {HOSTILE}" in heard(browser))

        in_chat(browser, "root.querySelector('.choices button').click()")
        wait_until(browser, lambda: "About Which card?" in said(browser))
        assert (
            in_chat(browser, "return getComputedStyle(root.querySelector('.said')).fontSize")
            == "15px"
        )

        type_into_chat(browser, Keys.ESCAPE)
        assert in_chat(browser, "return root.querySelector('.panel').hidden")
        assert in_chat(browser, "return root.activeElement.className") == "open"
        assert severe(browser) == []


def test_how_an_answer_begins_shows_while_it_is_worded_and_then_the_answer(browser) -> None:
    behind = Applications(lambda *_: None)
    with served(behind) as client, page_with_widget(str(client.base_url)) as page:
        browser.get(page)
        open_chat(browser)
        type_into_chat(browser, "how?", Keys.ENTER)
        wait_until(browser, lambda: behind.sent and said(browser)[1:] == ["how?"])
        (asked,) = behind.sent
        assert isinstance(asked, Question)
        assert behind.loop is not None
        follower = PartFollower(behind.results, behind.answers, behind.loop)
        for begun in (HOSTILE, f"{HOSTILE} Then tap Order."):
            part = AnswerPart(question_id=asked.id or "", session_id=asked.session_id, text=begun)
            behind.results.write(part_writes([part], kept_s=60))
            wait_until(browser, lambda: follower.look() or said(browser)[2:] == [begun])  # noqa: B023
            assert in_chat(browser, "return root.querySelectorAll('.dots').length") == 1
        assert HOSTILE not in heard(browser)  # read out once it is whole
        bot(behind, SUPPORT_QUESTIONS, asked)
        wait_until(browser, lambda: said(browser)[2:] == ["About how?"])
        follower.look()
        assert in_chat(browser, "return root.querySelectorAll('.dots, img').length") == 0
        assert severe(browser) == []


def test_a_customer_says_by_keyboard_whether_an_answer_helped(browser) -> None:
    behind = Applications(bot)
    with served(behind) as client, page_with_widget(str(client.base_url)) as page:
        browser.get(page)
        open_chat(browser)
        type_into_chat(browser, "one", Keys.ENTER)
        wait_until(browser, lambda: "About one" in said(browser))
        wait_until(browser, lambda: thumbs(browser) == {"Helpful": "false", "Not helpful": "false"})

        in_chat(browser, "root.querySelector('.said summary').focus()")
        type_into_chat(browser, Keys.TAB)  # past the link of the sources, which are folded away
        type_into_chat(browser, Keys.TAB)
        type_into_chat(browser, Keys.ENTER)
        wait_until(browser, lambda: "We look into it" in heard(browser))
        wait_until(browser, lambda: thumbs(browser) == {"Helpful": "false", "Not helpful": "true"})
        focused = "return root.activeElement.getAttribute('aria-label')"
        assert in_chat(browser, focused) == "Not helpful"

        type_into_chat(browser, Keys.ENTER)  # nothing new is said by it
        type_into_chat(browser, Keys.SHIFT + Keys.TAB)
        type_into_chat(browser, Keys.SHIFT + Keys.NULL + Keys.SPACE)
        wait_until(browser, lambda: heard(browser) == "Thank you!")
        kinds = [one.kind for one in behind.sent if isinstance(one, Feedback)]
        assert kinds == ["unhelpful", "helpful"]

        browser.get(page)
        open_chat(browser)
        wait_until(browser, lambda: thumbs(browser) == {"Helpful": "true", "Not helpful": "false"})
        assert severe(browser) == []


def test_a_thumb_that_cannot_be_sent_is_taken_back_and_says_so(browser) -> None:
    def no_thumbs(behind: Applications, topic: Topic, message: Message) -> None:
        if isinstance(message, Feedback):
            raise BrokerUnavailable("It does not answer.")
        bot(behind, topic, message)

    with (
        served(Applications(no_thumbs)) as client,
        page_with_widget(str(client.base_url)) as page,
    ):
        browser.get(page)
        open_chat(browser)
        type_into_chat(browser, "one", Keys.ENTER)
        wait_until(browser, lambda: "About one" in said(browser))
        in_chat(browser, "root.querySelector('.thumbs .up').click()")
        wait_until(browser, lambda: "away just now" in heard(browser))
        wait_until(browser, lambda: thumbs(browser) == {"Helpful": "false", "Not helpful": "false"})
        assert "away just now" in in_chat(browser, "return root.querySelector('.thumbs').innerText")


def test_only_answers_can_be_judged(browser) -> None:
    def asks_back(behind: Applications, _topic: Topic, message: Message) -> None:
        assert isinstance(message, Question)
        answer = replace(answer_to(message), outcome="asked_back", choices=("Which card?",))
        behind.results.write(answer_writes(message, answer))
        behind.publish(answer)

    with served(Applications(asks_back)) as client, page_with_widget(str(client.base_url)) as page:
        browser.get(page)
        open_chat(browser)
        type_into_chat(browser, "one", Keys.ENTER)
        wait_until(browser, lambda: "About one" in said(browser))
        assert thumbs(browser) == {}


def test_the_conversation_is_there_again_after_the_page_was_left(browser) -> None:
    with served(Applications(bot)) as client, page_with_widget(str(client.base_url)) as page:
        browser.get(page)
        open_chat(browser)
        type_into_chat(browser, "one", Keys.ENTER)
        wait_until(browser, lambda: "About one" in said(browser))
        browser.get(page)
        open_chat(browser)
        wait_until(browser, lambda: said(browser)[1:] == ["one", "About one"])


def test_a_message_survives_that_nothing_could_be_sent_for_a_while(browser) -> None:
    is_back = Event()

    def away_at_first(behind: Applications, topic: Topic, message: Message) -> None:
        if not is_back.is_set():
            raise BrokerUnavailable("It does not answer.")
        bot(behind, topic, message)

    behind = Applications(away_at_first)
    with served(behind) as client, page_with_widget(str(client.base_url)) as page:
        browser.get(page)
        open_chat(browser)
        type_into_chat(browser, "one", Keys.ENTER)
        wait_until(browser, lambda: behind.sent)
        is_back.set()
        wait_until(browser, lambda: said(browser)[1:] == ["one", "About one"])
        assert len({message.id for message in behind.sent}) == 1  # type: ignore[attr-defined]


def test_what_was_said_while_something_was_missed_is_read_anew(browser) -> None:
    behind = Applications(bot)
    with served(behind) as client, page_with_widget(str(client.base_url)) as page:
        browser.get(page)
        open_chat(browser)
        type_into_chat(browser, "one", Keys.ENTER)
        wait_until(browser, lambda: "About one" in said(browser))
        (asked,) = behind.sent
        assert isinstance(asked, Question)
        unheard = Question(id="q2", session_id=asked.session_id, text="from another tab")
        behind.results.write(answer_writes(unheard, answer_to(unheard)))
        behind.miss_something()
        wait_until(browser, lambda: "About from another tab" in said(browser))


HOLD_ONE_READING = """
const chat = document.querySelector('textwire-chat');
const read = chat.gateway.conversation.bind(chat.gateway);
chat.gateway.conversation = async () => {
    const conversation = await read();
    chat.gateway.conversation = read;
    await new Promise(go => { chat.letGo = go; });
    return conversation;
};
chat.refreshed = chat.refresh();
"""


def test_what_was_read_before_an_answer_came_does_not_take_it_off_the_screen(browser) -> None:
    with served(Applications(bot)) as client, page_with_widget(str(client.base_url)) as page:
        browser.get(page)
        open_chat(browser)
        type_into_chat(browser, "one", Keys.ENTER)
        wait_until(browser, lambda: "About one" in said(browser))
        in_chat(browser, HOLD_ONE_READING)
        wait_until(browser, lambda: in_chat(browser, "return !!root.host.letGo"))
        type_into_chat(browser, "two", Keys.ENTER)
        wait_until(browser, lambda: "About two" in said(browser))
        browser.execute_async_script(
            "const chat = document.querySelector('textwire-chat');"
            "chat.letGo(); chat.refreshed.then(arguments[0]);"
        )
        assert said(browser)[1:] == ["one", "About one", "two", "About two"]


def test_a_colleague_writes_into_the_chat_while_the_bot_keeps_quiet(browser) -> None:
    behind = Applications(quiet_bot)
    with served(behind) as client, page_with_widget(str(client.base_url)) as page:
        asked = asked_beside_a_colleague(browser, page, behind)
        for text in ("I am Ada.", "How can I help?"):
            replies(behind, asked, text)
        wait_until(browser, lambda: said(browser)[2:] == ["I am Ada.", "How can I help?"])
        assert (
            in_chat(browser, "return root.querySelector('.person .who').innerText.trim()") == "Ada:"
        )


def test_a_reading_that_comes_late_takes_no_message_off_the_screen_again(browser) -> None:
    behind = Applications(quiet_bot)
    with served(behind) as client, page_with_widget(str(client.base_url)) as page:
        asked = asked_beside_a_colleague(browser, page, behind)
        in_chat(browser, HOLD_THE_FIRST_READING)
        replies(behind, asked, "I am Ada.")
        wait_until(browser, lambda: in_chat(browser, "return window.begun === 1"))
        replies(behind, asked, "How can I help?")
        wait_until(browser, lambda: heard(browser) == "How can I help?")
        wait_until(browser, lambda: in_chat(browser, "return window.begun - window.over === 1"))
        in_chat(browser, "window.letGo()")
        wait_until(browser, lambda: in_chat(browser, "return window.over === 2"))
        assert said(browser)[2:] == ["I am Ada.", "How can I help?"]


# The first reading is kept back: what came of it is of a moment that is past.
HOLD_THE_FIRST_READING = """
const real = window.fetch; window.begun = 0; window.over = 0;
const kept = new Promise((go) => { window.letGo = go; });
window.fetch = async (...of) => {
  if (!String(of[0]).includes("/conversation")) return real(...of);
  const isFirst = ++window.begun === 1;
  const response = await real(...of);
  if (isFirst) await kept;
  setTimeout(() => { window.over += 1; }, 100);  // drawn by then
  return response;
};
"""


def test_what_is_drawn_anew_keeps_the_keyboard_where_it_was(browser) -> None:
    behind = Applications(bot)
    with served(behind) as client, page_with_widget(str(client.base_url)) as page:
        browser.get(page)
        open_chat(browser)
        type_into_chat(browser, "one", Keys.ENTER)
        wait_until(browser, lambda: "About one" in said(browser))
        (asked,) = behind.sent
        assert isinstance(asked, Question)
        for place in (".said summary", ".thumbs .down"):
            in_chat(browser, f"window.before = root.querySelector('{place}'); before.focus()")
            replies(behind, asked, f"Ada looks at {place}")
            wait_until(browser, lambda: in_chat(browser, "return !window.before.isConnected"))
            now = f"return root.activeElement === root.querySelector('{place}')"
            assert in_chat(browser, now), place


def thumbs(browser: webdriver.Chrome) -> dict[str, str]:
    """Whether each is pressed, by what a screen reader calls it."""
    script = """
    return Object.fromEntries([...root.querySelectorAll('.thumbs button')].map(
        one => [one.getAttribute('aria-label'), one.getAttribute('aria-pressed')]))
    """
    pressed: dict[str, str] = in_chat(browser, script)
    return pressed


def heard(browser: webdriver.Chrome) -> str:
    """What a screen reader was told last."""
    told: str = in_chat(browser, "return root.querySelector('[role=status]').textContent")
    return told


def quiet(browser: webdriver.Chrome) -> bool:
    return not in_chat(browser, "return root.querySelectorAll('.thinking').length")


def test_the_widget_is_small() -> None:
    assert files("services.gateway").joinpath("widget", WIDGET).stat().st_size < 30_000  # type: ignore[attr-defined]
