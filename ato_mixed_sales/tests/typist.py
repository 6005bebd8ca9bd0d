# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import time
from contextlib import ExitStack, contextmanager

from odoo.tests.common import ChromeBrowser

KEYS = {"Tab": 9, "Enter": 13}
OPTION = ".o-autocomplete--dropdown-item"


class Typist:
    """Somebody at the keyboard of a real browser, on a network that can be slow.

    Keys go through the DevTools protocol, as if they were pressed; so does latency.
    """

    pause = 0.04  # seconds between two keys: fast, and blind

    def __init__(self, browser, base_url):
        self.browser = browser
        self.base_url = base_url
        browser._websocket_request("Network.enable")

    def open(self, path, selector):
        """Open a page, and wait until it has what `selector` selects."""
        self.browser.navigate_to(self.base_url + path)
        # the first page may wait until its assets are made
        self.wait(f"document.querySelector({json.dumps(selector)})", timeout=180)

    def slow_down(self, latency):
        """Let each request take `latency` milliseconds more.

        :raises AssertionError: when the browser does not
        """
        self.make_slow(latency)
        took = self.ask(
            "(async () => { const start = performance.now();"
            "await fetch('/robots.txt'); return performance.now() - start; })()"
        )
        if took < latency:
            raise AssertionError(f"A request took {took} of {latency} ms")

    def make_slow(self, latency):
        """As `slow_down`, before there is a page from which it could be seen."""
        self.browser._websocket_request(
            "Network.emulateNetworkConditions",
            params={
                "offline": False,
                "latency": latency,
                "downloadThroughput": -1,
                "uploadThroughput": -1,
            },
        )

    def type(self, *keys):
        """Press keys one after the other: names of KEYS, or characters to type."""
        for key in keys:
            for stroke in [key] if key in KEYS else key:
                self._press(stroke)
                time.sleep(self.pause)

    def _press(self, key):
        stroke, text = {"key": key}, key
        if key in KEYS:
            stroke.update(code=key, windowsVirtualKeyCode=KEYS[key])
            text = "\r" if key == "Enter" else ""
        down = {"type": "keyDown", "text": text} if text else {"type": "rawKeyDown"}
        for event in (down, {"type": "keyUp"}):
            self.browser._websocket_request(
                "Input.dispatchKeyEvent", params={**stroke, **event}
            )

    def choose(self, selector, name):
        """Search a many2one for `name` and wait until it is suggested.

        Typed once more where a browser that is short of CPU has lost the search: what
        is typed from then on is what is looked at.
        """
        self.wait(f"document.activeElement.matches({json.dumps(selector)})")
        found = f"document.querySelector('{OPTION}')?.textContent"
        found = f"{found}?.includes({json.dumps(name)})"
        self.type(name)
        try:
            self.wait(found, timeout=20)
        except AssertionError:
            self.ask("document.activeElement.select?.()")
            self.type(name)
            self.wait(found)

    def take(self, key):
        """Take what is suggested by `key`; no request is waited for."""
        self.type(key)
        self.wait(f"!document.querySelector('{OPTION}')")

    def click(self, selector, position=0):
        elements = f"document.querySelectorAll({json.dumps(selector)})[{position}]"
        self.wait(elements)
        self.ask(f"{elements}.click()")

    def watch(self, expression):
        """From now on note each value that `expression` has: see `get_watched`."""
        self.ask(
            "window.atoWatched = []; window.atoWatcher?.disconnect();"
            "window.atoWatcher = new MutationObserver(() => {"
            f"  const value = JSON.stringify({expression});"
            "  if (value !== window.atoWatched.at(-1)) window.atoWatched.push(value);"
            "}); window.atoWatcher.observe(document.body, {"
            "  attributes: true, characterData: true, childList: true, subtree: true"
            "}); 1"
        )

    def get_watched(self):
        """What was seen since `watch`, however short: a list without repetitions."""
        return [json.loads(value) for value in self.ask("window.atoWatched")]

    def ask_settled(self, expression):
        """The value of `expression` once it has been the same for half a second."""
        before, value = None, self.ask(expression)
        while value != before:
            time.sleep(0.5)
            before, value = value, self.ask(expression)
        return value

    def ask(self, expression):
        answer = self.browser._websocket_request(
            "Runtime.evaluate",
            params={
                "expression": expression,
                "returnByValue": True,
                "awaitPromise": True,
            },
            timeout=60,
        )
        return answer["result"].get("value")

    def wait(self, condition, timeout=60):
        """:raises AssertionError: when `condition` is not true in time"""
        end = time.time() + timeout
        while not self.ask(f"Boolean({condition})"):
            if time.time() > end:
                self.browser.take_screenshot().result(10)
                raise AssertionError(f"Still waiting for {condition}")
            time.sleep(0.05)


class AtTheKeyboard:
    """Tests in which somebody sits at the keyboard of a browser."""

    @contextmanager
    def _sit_down(self, user=None):
        """A browser in which a user, our seller unless told, is logged in: a typist.

        As in tours, nobody asks the database meanwhile: requests have its cursor.
        """
        login = (user or self.seller).login
        browser = ChromeBrowser(self)
        with self.allow_requests(browser=browser), ExitStack() as closing:
            closing.callback(self._wait_remaining_requests)
            closing.callback(browser.stop)
            self.authenticate(login, login, browser=browser)
            self.env.flush_all()
            self.env.invalidate_all()
            yield Typist(browser, self.base_url())
            if browser._result.done():
                browser._result.result()  # raises what the browser has complained of
