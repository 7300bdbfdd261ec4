"""Takes the pictures of the pages: `python docs/images/take.py http://127.0.0.1:8501`.

Needs a running Textwire, Chromium and its driver (Debian: chromium, chromium-driver) and selenium.
Writes support-chat.png, agent-desk.png, knowledge.png, analytics.png, sentiment-monitor.png,
recommendations.png and operations.png beside this file. The sample stream should have run for some
minutes, so that there is something to see.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from time import sleep

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

FOLDER = Path(__file__).parent
WIDTH, HEIGHT = 1440, 900
# Two that the sample knowledge answers, and a wish for a person.
QUESTIONS = (
    "my card was charged twice, what do I do?",
    "and how long until I get the money back?",
    "I would rather talk to a person about it",
)
ANSWERED = "[class*='st-key-bubble_']"
SOURCES = ".stExpander summary"
ANSWERED_WITHIN_S = 30
# A chart has its first points after two steps of 10 s, and is refreshed every 5 s.
CHARTS_WITHIN_S = 60


def main(address: str) -> None:
    """Ask, look, and take the pictures."""
    with tempfile.TemporaryDirectory() as profile:
        browser = chromium(profile)
        try:
            browser.get(address)
            take_chat(browser)
            take_desk(browser)
            take_knowledge(browser)
            take_analytics(browser)
            take_monitor(browser)
            take_recommendations(browser)
            take_operations(browser)
        finally:
            browser.quit()


def take_chat(browser: webdriver.Chrome) -> None:
    """A conversation with the sources of its first answer folded out."""
    for count, question in enumerate(QUESTIONS, start=1):
        ask(browser, question)
        wait_for(browser, ANSWERED, count, ANSWERED_WITHIN_S)
        if count == 1:
            wait_for(browser, SOURCES, 1, ANSWERED_WITHIN_S)
            browser.find_element(By.CSS_SELECTOR, SOURCES).click()
    sleep(1)
    save(browser, "support-chat.png")


def take_desk(browser: webdriver.Chrome) -> None:
    """Who waits for a colleague."""
    browser.find_element(By.CSS_SELECTOR, "a[href$=desk]").click()
    open_first_row(browser)
    save(browser, "agent-desk.png")


def take_knowledge(browser: webdriver.Chrome) -> None:
    """The passages."""
    browser.find_element(By.CSS_SELECTOR, "a[href$=knowledge]").click()
    # The desk has rows to pick too, and stands there until the other page does.
    headed = (By.XPATH, "//h1[contains(., 'Knowledge')]")
    WebDriverWait(browser, CHARTS_WITHIN_S).until(lambda b: b.find_elements(*headed))
    open_first_row(browser)
    save(browser, "knowledge.png")


def open_first_row(browser: webdriver.Chrome) -> None:
    """Look at the first of what is listed."""
    wait_for(browser, "[class*=st-key-pick_] button", 1, CHARTS_WITHIN_S)
    browser.find_element(By.CSS_SELECTOR, "[class*=st-key-pick_] button").click()
    sleep(3)


def take_analytics(browser: webdriver.Chrome) -> None:
    """What came of the questions."""
    browser.find_element(By.CSS_SELECTOR, "a[href$=analytics]").click()
    wait_for(browser, ".vega-embed", 2, CHARTS_WITHIN_S)
    sleep(2)
    save(browser, "analytics.png")


def take_monitor(browser: webdriver.Chrome) -> None:
    """What needs attention, with its curves."""
    browser.find_element(By.CSS_SELECTOR, "a[href$=sentiment]").click()
    wait_for(browser, ".tw-watch .tw-score-now", 1, CHARTS_WITHIN_S)
    wait_for(browser, ".st-key-card_curves .vega-embed", 1, CHARTS_WITHIN_S)
    sleep(2)
    save(browser, "sentiment-monitor.png")


def take_recommendations(browser: webdriver.Chrome) -> None:
    """A shopper who looks at the third offer, with what the ranker saw in the first."""
    browser.find_element(By.CSS_SELECTOR, "a[href$=recommendations]").click()
    wait_for(browser, ".tw-offer", 3, CHARTS_WITHIN_S)
    looks = "//div[contains(@class, 'st-key-offer_3')]//button[contains(., 'Look')]"
    browser.find_element(By.XPATH, looks).click()
    # The list that follows comes within a second; a push, after two.
    sleep(4)
    for summary in browser.find_elements(By.CSS_SELECTOR, "[class*='st-key-offer_'] summary")[:2]:
        summary.click()
    sleep(1)
    save(browser, "recommendations.png")


def take_operations(browser: webdriver.Chrome) -> None:
    """The whole page, as long as it is."""
    browser.find_element(By.CSS_SELECTOR, "a[href$=operations]").click()
    wait_for(browser, ".tw-services tbody tr", 1, CHARTS_WITHIN_S)
    wait_for(browser, "[class*=st-key-card_] .vega-embed", 5, CHARTS_WITHIN_S)
    sleep(2)
    save(browser, "operations.png")


def chromium(profile: str) -> webdriver.Chrome:
    """A headless browser that asks nobody anything but the pages."""
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium")
    for argument in (
        "headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "hide-scrollbars",
        "disable-background-networking", "disable-component-update", "disable-sync",
        f"user-data-dir={profile}",
    ):  # fmt: skip
        options.add_argument(f"--{argument}")
    browser = webdriver.Chrome(options, webdriver.ChromeService(program("chromedriver")))
    resize(browser, HEIGHT)
    return browser


def program(name: str) -> str:
    """Where a program is."""
    found = shutil.which(name)
    if found is None:
        sys.exit(f"{name} is not installed. On Debian: apt-get install chromium chromium-driver")
    return found


def ask(browser: webdriver.Chrome, question: str) -> None:
    """Type a question and send it."""
    wait_for(browser, "[data-testid=stChatInputTextArea]", 1, ANSWERED_WITHIN_S)
    field = browser.find_element(By.CSS_SELECTOR, "[data-testid=stChatInputTextArea]")
    field.send_keys(question)
    field.send_keys(Keys.ENTER)


def wait_for(browser: webdriver.Chrome, selector: str, count: int, within_s: float) -> None:
    """Wait until so many elements are there."""
    WebDriverWait(browser, within_s).until(
        lambda b: len(b.find_elements(By.CSS_SELECTOR, selector)) >= count,
        f"no {count} of {selector} within {within_s} s",
    )


def save(browser: webdriver.Chrome, name: str) -> None:
    """Write a picture as high as what can be scrolled through."""
    height = browser.execute_script("return document.querySelector('.stMain').scrollHeight")
    resize(browser, max(HEIGHT, int(height)))
    sleep(1)
    browser.save_screenshot(str(FOLDER / name))
    resize(browser, HEIGHT)


def resize(browser: webdriver.Chrome, height: int) -> None:
    """Give the window an inner size, drawn for a sharp screen."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": WIDTH, "height": height, "deviceScaleFactor": 1.5, "mobile": False},
    )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8501")
