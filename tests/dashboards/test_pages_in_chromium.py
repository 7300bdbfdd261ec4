"""The pages as people see them: in a real browser, over the real Kafka and Redis."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar

import msgspec
import pytest
from selenium import webdriver
from selenium.common.exceptions import (
    NoSuchElementException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

import dashboards
from dashboards.signing_in.browser_marks import MARK_COOKIE
from dashboards.theme import PALETTE
from tests.chromium import chromium, needs_chromium, severe
from tests.dashboards.conftest import HELD, SECRET
from tests.dashboards.page_examples import converse
from tests.dashboards.recommendations.shop_world import shop_world
from tests.dashboards.responder import responding
from tests.dashboards.sentiment_alerts.news_world import news_world
from textwire.recommendations.messages import BehaviourEvent, Item, ScoredItem, ScoredList
from textwire.recommendations.results import item_writes, read_scores, scores_writes
from textwire.recommendations.topics import RECS_EVENTS
from textwire.results.redis import RedisResults
from textwire.sentiment_alerts.messages import AlertAction, AlertChange
from textwire.sentiment_alerts.results.writing import alert_writes
from textwire.sentiment_alerts.topics import NEWS_ACTIONS
from textwire.settings import KafkaSettings
from textwire.stack.ports import free_port
from textwire.stack.servers import EmbeddedServers
from textwire.stream.clients.reading import TopicReader
from textwire.stream.kafka.connecting import create_topics
from textwire.support_qa.results import KEPT_TURNS
from textwire.wire.message import Message
from textwire.wire.registry import TOPICS
from textwire.wire.topic import Topic

APP = Path(dashboards.__file__).with_name("served.py")
TRIES = 2
SEEN_WITHIN_S = 40.0  # it takes a second; on a machine that is busy with other tests, 20
BUBBLES = ".tw-said, [class*='st-key-bubble_']"
QUESTIONS = 15
# Looks with each change of the page and before each picture that is drawn of it.
WATCH_BUBBLES = """
const bubbles = arguments[0];
const watched = window.watched = {looks: 0, most: 0, falls: []};
const look = () => {
    const there = document.querySelectorAll(bubbles).length;
    watched.looks += 1;
    if (there < watched.most) watched.falls.push([performance.now(), watched.most, there]);
    watched.most = Math.max(watched.most, there);
};
new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
const each = () => { look(); requestAnimationFrame(each); };
each();
"""
HANDOFF = "[class*='st-key-bubble_handoff_']"

M = TypeVar("M", bound=Message)

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def address(servers: EmbeddedServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running dashboard, started in a folder that is not its own, with a service behind it."""
    create_topics(TOPICS.values(), KafkaSettings(bootstrap_servers=servers.bootstrap_servers))
    store = RedisResults.from_url(servers.redis_url)
    with (
        responding(store, servers.bootstrap_servers),
        running_dashboard(servers, tmp_path_factory.mktemp("elsewhere")) as url,
    ):
        yield url
    store.close()


@contextmanager
def running_dashboard(servers: EmbeddedServers, folder: Path) -> Iterator[str]:
    """The dashboard in a process of its own."""
    port = free_port()
    environment = os.environ | {
        "PYTHONPATH": str(APP.parent.parent),
        "TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS": servers.bootstrap_servers,
        "TEXTWIRE_REDIS_URL": servers.redis_url,
        "TEXTWIRE_DASHBOARD_SIGN_IN_SECRET": SECRET,
    }
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.address=127.0.0.1"]
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [*command, f"--server.port={port}"],
            cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for_health(url)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=10)


def wait_for_health(url: str) -> None:
    """Wait until Streamlit answers."""
    give_up_at = monotonic() + 60
    while monotonic() < give_up_at:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            sleep(0.2)
    raise AssertionError("Streamlit did not answer within 60 s")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """Chromium with a profile of its own."""
    with chromium(tmp_path) as driver:
        yield driver


def test_a_customer_asks_reads_the_sources_and_is_handed_over(
    browser: webdriver.Chrome, address: str
) -> None:
    browser.get(address)
    seen(browser, ".tw-welcome")
    click(browser, "//button[contains(., 'My card was charged twice')]")
    says(browser, ".tw-customer", "My card was charged twice")
    until(browser, lambda b: seen(b, ".tw-sure").text == "Very sure · 94 %")
    click(browser, "//summary[contains(., '2 sources')]")
    link = seen(browser, ".tw-source a")
    assert link.get_attribute("href").startswith("https://larkfield.example/help/")
    assert link.get_attribute("target") == "_blank"
    assert link.get_attribute("rel") == "noopener noreferrer"

    ask(browser, "and do you insure my boat?")
    says(browser, HANDOFF, "A colleague will take over", "Not sure enough")
    until(browser, lambda b: len(folded_out(b)) == 2)
    assert folded_out(browser) == [True, False]

    browser.refresh()
    seen(browser, HANDOFF)
    until(browser, lambda b: len(bubbles(b)) == 4)
    click(browser, "//button[contains(., 'New conversation')]")
    seen(browser, ".tw-welcome")
    assert severe(browser) == []


def test_a_conversation_opens_in_its_own_browser_alone(
    browser: webdriver.Chrome, address: str, servers: EmbeddedServers, tmp_path: Path
) -> None:
    store = RedisResults.from_url(servers.redis_url)
    converse(store, "my own words", session_id="mine")
    mine = address_of(browser, address, "mine")
    browser.get(mine)
    says(browser, ".tw-customer", "my own words")
    browser.refresh()
    says(browser, ".tw-customer", "my own words")
    with chromium(tmp_path / "another") as another:
        another.get(mine)
        says(another, ".tw-notice", "does not open here")
        assert not another.find_elements(By.CSS_SELECTOR, ".tw-customer")
        click(another, "//button[contains(., 'New conversation')]")
        seen(another, ".tw-welcome")
        assert another.current_url != mine
        assert severe(another) == []
    store.close()


def address_of(browser: webdriver.Chrome, address: str, session_id: str) -> str:
    """The address by which a browser opens a conversation."""
    browser.get(address)
    mark = browser.get_cookie(MARK_COOKIE)
    assert mark
    return f"{address}/?session={HELD.address_of(session_id, mark['value'])}"


def test_what_was_folded_out_stays_so_while_the_conversation_moves_on(
    browser: webdriver.Chrome, address: str, servers: EmbeddedServers
) -> None:
    store = RedisResults.from_url(servers.redis_url)
    kept = KEPT_TURNS // 2
    for number in range(kept):
        converse(store, f"question {number}", session_id="long")
    browser.get(address_of(browser, address, "long"))
    until(browser, lambda b: len(folded_out(b)) == kept)
    click(browser, "(//summary)[last() - 1]")
    until(browser, lambda b: folded_out(b)[-3:] == [False, True, False])

    converse(store, "one more", session_id="long")  # the oldest exchange leaves
    says(browser, ".tw-customer", "question 1")
    until(browser, lambda b: folded_out(b)[-4:] == [False, True, False, False])
    assert severe(browser) == []
    store.close()


@pytest.mark.alone
@pytest.mark.slow
@pytest.mark.timeout(240)
def test_no_message_leaves_the_screen_during_a_minute_of_questions_on_a_busy_machine(
    browser: webdriver.Chrome, address: str, servers: EmbeddedServers
) -> None:
    store = RedisResults.from_url(servers.redis_url)
    # As many as are kept, together with those that are asked below: past that the oldest leave.
    for number in range(KEPT_TURNS // 2 - QUESTIONS):
        converse(store, f"earlier question {number}", session_id="busy")
    browser.get(address_of(browser, address, "busy"))
    until(browser, lambda b: len(bubbles(b)) == KEPT_TURNS - 2 * QUESTIONS)
    browser.execute_script(WATCH_BUBBLES, BUBBLES)
    began = monotonic()
    with busy_machine():
        for number in range(QUESTIONS):
            ask(browser, f"question {number}, and do you insure my boat?")
            sleep(max(0.0, began + (number + 1) * 60 / QUESTIONS - monotonic()))
        until(browser, lambda b: len(bubbles(b)) == KEPT_TURNS)
    watched = browser.execute_script("return window.watched")
    assert watched["looks"] > 300
    assert watched["falls"] == []
    assert severe(browser) == []
    store.close()


def test_a_refused_question_says_what_to_send_instead(
    browser: webdriver.Chrome, address: str
) -> None:
    browser.get(address)
    seen(browser, ".tw-welcome")
    ask(browser, "my essay of 9,343 characters")
    says(browser, "[class*='st-key-bubble_refused_']", "Please send a shorter one.")
    until(
        browser, lambda b: seen(b, ".tw-customer .tw-text").text == "my essay of 9,343 characters"
    )
    assert browser.find_elements(By.CSS_SELECTOR, ".tw-thinking, .tw-sure") == []
    assert severe(browser) == []


def test_markup_in_a_question_stays_text(browser: webdriver.Chrome, address: str) -> None:
    browser.get(address)
    seen(browser, ".tw-welcome")
    hostile = '<img src=x onerror="window.taken=1"> **bold** <script>window.taken=1</script>'
    ask(browser, hostile)
    seen(browser, ".tw-sure")
    until(browser, lambda b: seen(b, ".tw-customer .tw-text").text == hostile)
    assert browser.find_elements(By.CSS_SELECTOR, ".tw-said img, .tw-said strong") == []
    assert browser.execute_script("return window.taken") is None
    assert severe(browser) == []


def test_figures_move_and_charts_are_not_drawn_anew(
    browser: webdriver.Chrome, address: str
) -> None:
    browser.get(address)
    click(browser, "//a[contains(@href, 'operations')]")
    seen(browser, ".tw-tiles")
    seen(browser, ".st-key-card_throughput .vega-embed svg", within_s=40)
    browser.execute_script(
        "window.drawn = document.querySelector('.st-key-card_throughput .vega-embed svg')"
    )
    moment = until(browser, lambda b: seen(b, ".tw-page-state").text)
    until(browser, lambda b: seen(b, ".tw-page-state").text != moment)
    sleep(6)  # past a refresh of the charts, which come every 5 s
    assert browser.execute_script("return window.drawn.isConnected")
    assert severe(browser) == []


def test_the_look_holds_wherever_it_is_started_and_nothing_is_fetched_from_elsewhere(
    browser: webdriver.Chrome, address: str
) -> None:
    browser.get(address)
    seen(browser, ".tw-welcome")
    ground = browser.execute_script(
        "return getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    )
    paper = tuple(int(PALETTE["paper"][at : at + 2], 16) for at in (1, 3, 5))
    assert ground == f"rgb{paper}"
    until(browser, lambda shown: shown.execute_script("return document.fonts.check('16px Geist')"))
    fetched = browser.execute_script(
        "return performance.getEntriesByType('resource').map(entry => entry.name)"
    )
    assert [url for url in fetched if not url.startswith((address, "data:", "blob:"))] == []


def test_an_analyst_acts_on_an_alert_and_finds_a_company(
    browser: webdriver.Chrome, address: str, servers: EmbeddedServers
) -> None:
    store = RedisResults.from_url(servers.redis_url)
    world = news_world(store, minutes=25 * 60)
    [raised] = world.alerts
    browser.get(address)
    click(browser, "//a[contains(@href, 'sentiment')]")
    says(browser, ".tw-alert", "negative articles in")
    seen(browser, ".st-key-card_curves .vega-embed svg")
    assert seen(browser, "img.tw-spark").get_property("naturalWidth") > 0

    reader = reader_of(NEWS_ACTIONS, servers)
    click(browser, "//button[contains(., 'Snooze')]")
    click(browser, "//*[@role='menuitem' or @role='option' or self::li][contains(., '4 hours')]")
    [action] = until(browser, lambda _: read(reader, AlertAction))
    assert action.until == world.watermark + timedelta(hours=4)
    says(browser, ".tw-alert-head", "Sent: snooze")
    change = AlertChange(at=datetime.now(UTC), state="snoozed", by="news desk")
    snoozed = msgspec.structs.replace(
        raised, state="snoozed", snoozed_until=action.until, changes=(*raised.changes, change)
    )
    store.write(alert_writes(snoozed))
    until(browser, lambda b: not b.find_elements(By.CSS_SELECTOR, ".tw-alert"))

    field = seen(browser, ".st-key-sought input")
    field.send_keys("calth")
    until(browser, lambda b: len(b.find_elements(By.CSS_SELECTOR, "[class*=st-key-pick_]")) == 1)
    sleep(6)  # past a refresh of the watchlist, which comes every 5 s
    assert browser.execute_script("return document.activeElement === arguments[0]", field)
    look = "//button[contains(., 'Look at Calthorn')]"
    click_until(browser, look, lambda b: "Calthorn" in seen(b, ".st-key-card_curves h3", 0.5).text)
    until(browser, lambda b: "company=Calthorn" in b.current_url)
    assert severe(browser) == []
    reader.close()
    store.close()


def test_a_shopper_clicks_and_the_list_changes_in_place(
    browser: webdriver.Chrome, address: str, servers: EmbeddedServers
) -> None:
    store = RedisResults.from_url(servers.redis_url)
    [user, *_] = shop_world(store)
    scored = read_scores(store, user)
    assert scored is not None
    first, second, *_ = scored.scores
    hostile = '<img src=x onerror="window.taken=1"> pan'
    store.write(item_writes(second.item_id, Item(id=second.item_id, title=hostile)))
    browser.get(address)
    click(browser, "//a[contains(@href, 'recommendations')]")
    until(browser, lambda b: hostile in offered(b))
    click(browser, "//summary[contains(., 'What the ranker saw')]")
    until(browser, lambda b: folded_out(b)[:2] == [True, False])

    reader = reader_of(RECS_EVENTS, servers)
    click(browser, "//button[contains(., 'Comment')]")
    words = seen(browser, "textarea")
    words.send_keys("too heavy")
    sleep(2.5)  # past two refreshes
    assert words.get_property("value") == "too heavy"
    click(browser, "//button[.='Send']")
    [event] = until(browser, lambda _: read(reader, BehaviourEvent))
    assert (event.kind, event.item_id, event.text) == ("comment", first.item_id, "too heavy")

    swapped = (
        msgspec.structs.replace(second, rank=1), msgspec.structs.replace(first, rank=2),
    )  # fmt: skip
    store.write(
        scores_writes(msgspec.structs.replace(scored, scores=swapped, scored_at=datetime.now(UTC)))
    )
    until(browser, lambda b: seen(b, ".tw-rank").text.endswith("▲ 1"))
    until(browser, lambda b: len(offered(b)) == 2)
    assert folded_out(browser) == [False, True]  # it moved with its item
    assert browser.execute_script("return window.taken") is None
    assert severe(browser) == []
    reader.close()
    store.close()


def test_a_comment_that_is_being_typed_outlives_a_list_that_moves_its_item(
    browser: webdriver.Chrome, address: str, servers: EmbeddedServers
) -> None:
    store = RedisResults.from_url(servers.redis_url)
    [user, *_] = shop_world(store)
    scored = read_scores(store, user)
    assert scored is not None
    first, second, third, *_ = scored.scores
    titles = items_named(store, first, second, third)
    browser.get(address)
    click(browser, "//a[contains(@href, 'recommendations')]")
    until(browser, lambda b: offered(b)[:2] == titles[:2])
    reader = reader_of(RECS_EVENTS, servers)
    click(browser, "//button[contains(., 'Comment')]")
    words = seen(browser, "textarea")
    words.send_keys("too ")
    push(store, scored, second, first)
    until(browser, lambda b: "a newer one waits" in b.find_element(By.TAG_NAME, "body").text)
    words.send_keys("heavy")
    push(store, scored, third, second)  # where the item is no longer
    sleep(2.5)  # past two refreshes
    words.send_keys(" for me")
    assert words.get_property("value") == "too heavy for me"
    assert offered(browser)[:2] == titles[:2]
    click(browser, "//button[.='Send']")
    [event] = until(browser, lambda _: read(reader, BehaviourEvent))
    assert (event.item_id, event.text) == (first.item_id, "too heavy for me")
    until(browser, lambda b: offered(b) == [titles[2], titles[1]])

    click(browser, "(//button[contains(., 'Comment')])[2]")
    seen(browser, "textarea").send_keys("left unsent")
    click(browser, "//h1")
    push(store, scored, second, third)
    until(browser, lambda b: offered(b) == [titles[1], titles[2]])
    first_comment = "(//button[contains(., 'Comment')])[1]"
    click_until(browser, first_comment, lambda b: b.find_elements(By.CSS_SELECTOR, "textarea"))
    assert seen(browser, "textarea").get_property("value") == "left unsent"
    assert severe(browser) == []
    reader.close()
    store.close()


def test_a_narrow_window_needs_no_sideways_scrolling(
    browser: webdriver.Chrome, address: str
) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 900, "deviceScaleFactor": 1, "mobile": True},
    )
    for page, landmark in (
        ("", ".tw-welcome"),
        ("/operations", ".tw-tiles"),
        ("/sentiment", ".tw-watch"),
        ("/recommendations", ".tw-offer"),
        ("/compare", ".st-key-compare button"),
    ):
        browser.get(address + page)
        seen(browser, landmark)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390


def test_redis_away_is_said_and_the_page_recovers_by_itself(
    browser: webdriver.Chrome, address: str, servers: EmbeddedServers
) -> None:
    browser.get(address)
    click(browser, "//a[contains(@href, 'operations')]")
    seen(browser, ".tw-tiles")
    servers.valkey.stop()
    try:
        says(browser, ".tw-notice", "Nothing can be read right now")
    finally:
        servers.valkey.start()
    seen(browser, ".tw-tiles")


def seen(browser: webdriver.Chrome, selector: str, within_s: float = SEEN_WITHIN_S) -> Any:
    """The element, once it is on the page."""
    found = until(browser, lambda b: b.find_elements(By.CSS_SELECTOR, selector), within_s)
    return found[0]


def says(browser: webdriver.Chrome, selector: str, *words: str) -> None:
    """Wait until the first such element says all of these: it may stand there before its words."""
    until(browser, lambda b: all(said in seen(b, selector).text for said in words))


def until(
    browser: webdriver.Chrome,
    happened: Callable[[webdriver.Chrome], Any],
    within_s: float = SEEN_WITHIN_S,
) -> Any:
    """What `happened` returns, once it is true."""
    # A part of the page may be drawn anew between finding an element and asking it.
    patient = WebDriverWait(
        browser, within_s, poll_frequency=0.1,
        ignored_exceptions=(NoSuchElementException, StaleElementReferenceException),
    )  # fmt: skip
    return patient.until(happened)


def click(browser: webdriver.Chrome, path: str) -> None:
    """Click the first element on an XPath, once it is there and stands still."""
    places: list[object] = []

    def clicked(driver: webdriver.Chrome) -> bool:
        element = driver.find_element(By.XPATH, path)
        places.append(element.rect)
        if places[-2:-1] != places[-1:]:  # what unfolds or comes above it moves it
            return False
        element.click()
        return True

    until(browser, clicked)


def click_until(
    browser: webdriver.Chrome, path: str, shown: Callable[[webdriver.Chrome], Any]
) -> Any:
    """Click as a person does, who clicks again where the page moved under the pointer."""
    for _ in range(TRIES - 1):
        click(browser, path)
        try:
            return until(browser, shown, SEEN_WITHIN_S / TRIES)
        except TimeoutException:
            continue
    click(browser, path)
    return until(browser, shown)


def bubbles(browser: webdriver.Chrome) -> list[Any]:
    """All that is said in the chat, by either side."""
    found: list[Any] = browser.find_elements(By.CSS_SELECTOR, BUBBLES)
    return found


@contextmanager
def busy_machine() -> Iterator[None]:
    """As many processes as there are cores that reckon all the time."""
    reckon = [sys.executable, "-c", "while True: pass"]
    started = [subprocess.Popen(reckon) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def folded_out(browser: webdriver.Chrome) -> list[bool]:
    """Whether each part that folds is open, in their order on the page."""
    opened: list[bool] = browser.execute_script(
        "return [...document.querySelectorAll('details')].map(part => part.open)"
    )
    return opened


def offered(browser: webdriver.Chrome) -> list[str]:
    """The titles of the items that are offered."""
    return [h.text for h in browser.find_elements(By.CSS_SELECTOR, ".tw-offer h3")]


def items_named(store: RedisResults, *scores: ScoredItem) -> list[str]:
    """The titles of items, given to them anew so that no two are alike."""
    titles = [f"item {place}" for place, _ in enumerate(scores, 1)]
    for one, title in zip(scores, titles, strict=True):
        store.write(item_writes(one.item_id, Item(id=one.item_id, title=title)))
    return titles


def push(store: RedisResults, scored: ScoredList, *scores: ScoredItem) -> None:
    """Put these on top of one another as the newest list."""
    ranked = tuple(msgspec.structs.replace(one, rank=n) for n, one in enumerate(scores, 1))
    newest = msgspec.structs.replace(
        scored, scores=ranked, scored_at=datetime.now(UTC), trigger="push"
    )
    store.write(scores_writes(newest))


def reader_of(topic: Topic, servers: EmbeddedServers) -> TopicReader:
    """Reads what comes on a topic from now on."""
    reader = TopicReader(
        topic.name, settings=KafkaSettings(bootstrap_servers=servers.bootstrap_servers)
    )
    reader.skip_to_end()
    return reader


def read(reader: TopicReader, kind: type[M]) -> list[M]:
    """What came meanwhile."""
    return [msgspec.json.decode(r.value or b"", type=kind) for r in reader.poll(timeout_s=0.1)]


def ask(browser: webdriver.Chrome, text: str) -> None:
    """Type a question and send it."""
    field = seen(browser, '[data-testid="stChatInputTextArea"]')
    field.send_keys(text)
    field.send_keys(Keys.ENTER)
