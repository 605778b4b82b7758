"""A real JupyterLab in a real Chromium: what the browser tests stand on.

One server per process (`jupyter`), one browser per test file (`lab`), one notebook and kernel per file as a rule::

    @pytest.fixture(scope="module")
    def notebook(lab):
        return lab.open(["from widgets import TokenizerExplorer", "view = TokenizerExplorer(tokenizer)\nview"])

    def test_typing_shows_tokens(notebook):
        view = notebook.view("TokenizerExplorer")       # a Playwright locator of the view's outermost element
        view.get_by_label("Text").fill("hello")
        assert notebook.python("view.text") == "hello"   # what Python sees

After every test it is checked that no request has left the machine and that the console shows no error. Pictures go to
`artifacts/browser/`, to be looked at. Without Chromium the tests do not run, which in CI is a failure.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

try:
    from playwright import sync_api as playwright
except ImportError:  # told, loudly, by the fixture `chromium`
    playwright = None  # type: ignore[assignment]

REPOSITORY = Path(__file__).parents[2]
PICTURES = REPOSITORY / "artifacts" / "browser"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
CHROMIUM_SWITCHES = (
    "--no-sandbox",  # the tests also run as root, in containers
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PATIENCE = 90_000  # milliseconds; a busy machine is slow, which is no fault of the code
THEMES = {False: "JupyterLab Light", True: "JupyterLab Dark"}

# Run-all is silently lost if it is sent before the notebook has a kernel, so this comes first.
KERNEL_READY = """() => {
  const kernel = window.jupyterapp?.shell?.currentWidget?.context?.sessionContext?.session?.kernel;
  return kernel?.connectionStatus === "connected" && kernel?.status === "idle";
}"""
ALL_RUN = """() => {
  const { content, context } = window.jupyterapp.shell.currentWidget;
  const code = content.widgets.filter((cell) => cell.model.type === "code" && cell.model.sharedModel.source.trim());
  const failed = code.some((cell) => cell.model.outputs.toJSON().some((output) => output.output_type === "error"));
  const idle = context.sessionContext.session.kernel.status === "idle";
  return failed || (idle && code.every((cell) => cell.model.executionCount !== null));
}"""
ERRORS = """() => window.jupyterapp.shell.currentWidget.content.widgets.flatMap((cell) =>
  cell.model.type === "code" ? cell.model.outputs.toJSON().filter((one) => one.output_type === "error") : [])"""
EXECUTE = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  const future = kernel.requestExecute({ code, store_history: false });
  let printed = "", error = null;
  future.onIOPub = ({ header, content }) => {
    if (header.msg_type === "stream" && content.name === "stdout") printed += content.text;
    if (header.msg_type === "error") error = content.traceback.join("\\n");
  };
  await future.done;
  return { printed, error };
}"""
# Milliseconds from a change made in the page to the first frame that shows Python's answer.
ROUND_TRIP = """async (root, change) => {
  const answered = new Promise((resolve, reject) => {
    const watch = new MutationObserver(() => { watch.disconnect(); resolve(); });
    watch.observe(root, { attributes: true, attributeFilter: ["data-answers"] });
    setTimeout(() => reject(new Error("no answer from Python within 20 s")), 20000);
  });
  const start = performance.now();
  new Function("root", change)(root);
  await answered;
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return performance.now() - start;
}"""
# Milliseconds in which the browser alone handles a change: script, redrawing, style and layout.
REDRAW = """async (root, change) => {
  await new Promise(requestAnimationFrame);
  let busy = 0;
  const start = performance.now();
  new Function("root", change)(root);
  busy += performance.now() - start;
  await new Promise((resolve) => requestAnimationFrame((now) => { // the view draws in this very frame
    setTimeout(() => { busy += performance.now() - now; resolve(); });
  }));
  root.getBoundingClientRect();
  return busy;
}"""
# Every text of the live stage and of the static picture, with its place relative to the stage.
TEXTS = """(root, source) => {
  const places = (origin, texts) => texts.map((text) => {
    const { a, b, c, d, e, f } = text.getScreenCTM();
    const x = Number(text.getAttribute("x")), y = Number(text.getAttribute("y"));
    return { text: text.textContent, x: a * x + c * y + e - origin.x, y: b * x + d * y + f - origin.y };
  });
  const host = document.createElement("div");
  host.style = "position: fixed; left: 0; top: 0; visibility: hidden";
  host.innerHTML = source;
  document.body.append(host);
  const still = host.querySelector("svg > g"); // what comes before it is the header
  const { e, f } = still.getScreenCTM();
  const stage = root.querySelector(".lab-stage");
  const both = {
    still: places({ x: e, y: f }, [...still.querySelectorAll("text")]),
    live: places(stage.getBoundingClientRect(), [...stage.querySelectorAll("svg text")]),
  };
  host.remove();
  return both;
}"""


class Jupyter:
    """A JupyterLab server on a free port of the loopback interface, in a folder and with settings of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "notebooks"
        self.root.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.token = secrets.token_hex(16)
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "jupyter.log"
        self._write_settings(folder / "settings")
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.root_dir": self.root,
            "ServerApp.allow_root": True,
            "ServerApp.open_browser": False,
            "ServerApp.shutdown_no_activity_timeout": 900,  # should the tests be killed outright
            "IdentityProvider.token": self.token,
            "LabApp.expose_app_in_browser": True,
            "LabApp.extension_manager": "readonly",
        }
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
            "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "IPYTHONDIR": str(folder / "ipython"),
            "OMP_NUM_THREADS": "1",
        }
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())],
                cwd=self.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # kernels and all can be ended together
            )
        atexit.register(self.stop)

    @staticmethod
    def _write_settings(folder: Path) -> None:
        """No news pop-up over the picture, no question about which kernel."""
        plugin = folder / "@jupyterlab" / "apputils-extension"
        plugin.mkdir(parents=True)
        quiet = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
        (plugin / "notification.jupyterlab-settings").write_text(json.dumps(quiet))

    def wait_until_up(self, seconds: float = 90) -> None:
        """Return when the server answers; RuntimeError with its log if it does not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.ask("status")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"JupyterLab did not start; the end of its log:\n{self.log.read_text()[-3000:]}")

    def ask(self, path: str, method: str = "GET") -> bytes:
        """The answer of the server's own interface."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.url}/api/{path}", headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    def end_kernels(self) -> None:
        """End all kernels, which would keep their memory, hundreds of megabytes each, until the server stops."""
        with contextlib.suppress(OSError):  # one that has died of itself is no fault
            for kernel in json.loads(self.ask("kernels")):
                self.ask(f"kernels/{kernel['id']}", "DELETE")

    def stop(self) -> None:
        """End the server and its kernels."""
        atexit.unregister(self.stop)
        for ending in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, ending)
            except (ProcessLookupError, PermissionError):  # all gone
                break
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                continue


class Notebook:
    """A notebook open in JupyterLab, its cells run."""

    def __init__(self, lab: Lab, page: Any) -> None:
        self.lab, self.page = lab, page

    def run_all(self) -> None:
        """Run every cell and wait for the last; AssertionError with the traceback if one fails."""
        self.page.wait_for_function(KERNEL_READY, timeout=PATIENCE)
        # Not awaited: the promise would hold the page until the last cell is done.
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        self.page.wait_for_function(ALL_RUN, timeout=PATIENCE)
        for error in self.page.evaluate(ERRORS):
            raise AssertionError(_without_colours("\n".join(error["traceback"])))

    def view(self, name: str, index: int = 0) -> Any:
        """The locator of a view's outermost element, scrolled into sight once it is drawn."""
        self.page.bring_to_front()  # a page behind another one draws once a second, and every click waits for that
        found = self.page.locator(f".lab-{name}").nth(index)
        found.locator(".lab-stage").wait_for(timeout=PATIENCE)
        found.scroll_into_view_if_needed()
        return found

    def python(self, expression: str) -> Any:
        """The value of a Python expression in the kernel, through JSON."""
        printed = self.execute(f"import json as _json; print(_json.dumps({expression}))")
        return json.loads(printed)

    def execute(self, code: str) -> str:
        """Run code in the kernel, outside any cell; returns what it printed."""
        answer = self.page.evaluate(EXECUTE, code)
        assert answer["error"] is None, _without_colours(answer["error"])
        return answer["printed"]

    def until(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        """Wait for a condition; AssertionError if it never holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "the condition did not come true"
            self.page.wait_for_timeout(20)

    def agrees(self, view: Any, name: str = "view") -> None:
        """Wait until a widget on the page says the sentence that it has in Python, under the name of a variable."""
        told = view.locator(".lab-sentence")
        self.until(lambda: told.text_content() == self.python(f"{name}.sentence"), seconds=30)

    def after(self, expression: str, value: Any) -> None:
        """Wait until an expression in the kernel has a value."""
        self.until(lambda: self.python(expression) == value)

    def round_trips(self, view: Any, changes: list[str]) -> list[float]:
        """For each change, a script over `root`: milliseconds until Python's answer is on the screen."""
        return [view.evaluate(ROUND_TRIP, change) for change in changes]

    def redraws(self, view: Any, changes: list[str]) -> list[float]:
        """For each change that needs no Python: milliseconds of the browser's work."""
        return [view.evaluate(REDRAW, change) for change in changes]

    def use_theme(self, *, dark: bool) -> None:
        """Switch JupyterLab's theme and wait until it is there."""
        self.page.evaluate(
            "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", THEMES[dark]
        )
        self.page.wait_for_selector(f'body[data-jp-theme-light="{str(not dark).lower()}"]', state="attached")
        wanted = "dark" if dark else "light"
        if self.page.locator(".lab-view").count():
            self.page.locator(f'.lab-view[data-theme="{wanted}"]').first.wait_for(timeout=PATIENCE)

    def picture(self, view: Any, name: str) -> Path:
        """A screenshot of a view as `artifacts/browser/<name>.png`."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        view.scroll_into_view_if_needed()
        view.screenshot(path=str(PICTURES / f"{name}.png"), animations="disabled")  # as transitions leave it
        return PICTURES / f"{name}.png"

    def drawn_at(self, width: int, views: dict[str, Any], picture: str, tallest: float = float("inf")) -> None:
        """Views of so many pixels, in both themes: they fit in, and are as their static pictures; then 860 again.

        Args:
            width: Pixels of each view; the window is made wide enough.
            views: Their locators, by the names of their Python variables.
            picture: How the names of the screenshots begin.
            tallest: Pixels that no view may exceed in height.
        """
        self.page.set_viewport_size({"width": max(width + 600, 1400), "height": 1000})
        widths = " = ".join(f"{name}.width" for name in views)
        self.execute(f"{widths} = {width}")
        for dark in (False, True):
            self.use_theme(dark=dark)
            for name, view in views.items():
                self.until(lambda view=view: view.bounding_box()["width"] == width)
                assert view.evaluate("(root) => root.scrollWidth <= root.clientWidth"), f"{name} is cut at its side"
                self.until(lambda view=view: view.bounding_box()["height"] <= tallest)  # drawn anew for this width
                self.until(lambda view=view, name=name: self.drift(view, name) == [])
                self.picture(view, f"{picture}-{name}-{width}-{'dark' if dark else 'light'}")
        self.use_theme(dark=False)
        self.execute(f"{widths} = 860")

    def drift(self, view: Any, variable: str, tolerance: float = 1.0) -> list[str]:
        """Texts at which the live stage and the static picture of `variable` differ, in content or place (pixels).

        Call it for a fresh view of width 860: hover and selections are not in the static picture.
        """
        texts = view.evaluate(TEXTS, self.python(f"{variable}.svg()"))
        differences = []
        for ours, theirs, missing in (("live", "still", "static picture"), ("still", "live", "live stage")):
            for one in texts[ours]:
                twins = [other for other in texts[theirs] if other["text"] == one["text"]]
                if not any(abs(one["x"] - two["x"]) <= tolerance >= abs(one["y"] - two["y"]) for two in twins):
                    seen = ", ".join(f"({two['x']:.1f}, {two['y']:.1f})" for two in twins) or "nowhere"
                    differences.append(f"{one['text']!r} at ({one['x']:.1f}, {one['y']:.1f}): {seen} in the {missing}")
        return differences


class Lab:
    """JupyterLab seen through one browser; remembers what should not happen."""

    def __init__(self, jupyter: Jupyter, context: Any) -> None:
        self.jupyter, self.context = jupyter, context
        self.foreign_requests: list[str] = []
        self.console_errors: list[str] = []
        self._opened = 0
        context.on("request", lambda request: self._note(request.url))
        context.on("page", self._watch)

    def open(self, cells: list[str], *, width: int = 1400, height: int = 900) -> Notebook:
        """A new notebook with these code cells, run.

        Args:
            cells: Source of each cell.
            width, height: Pixels of the window; the cell's output has about 400 fewer across.
        """
        code = [
            {
                "cell_type": "code",
                "id": f"cell-{index}",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": cell,
            }
            for index, cell in enumerate(cells)
        ]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        content = {"cells": code, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
        self._opened += 1
        name = f"test-{secrets.token_hex(4)}.ipynb"
        (self.jupyter.root / name).write_text(json.dumps(content))
        notebook = self._show(name, width, height)
        notebook.run_all()
        return notebook

    def open_copy(self, notebook: str, *, run: bool = True, width: int = 1400, height: int = 900) -> Notebook:
        """A copy of a notebook of the course, by its path below `notebooks/`."""
        name = f"{secrets.token_hex(4)}-{Path(notebook).name}"
        shutil.copy(REPOSITORY / "notebooks" / notebook, self.jupyter.root / name)
        opened = self._show(name, width, height)
        if run:
            opened.run_all()
        return opened

    def _show(self, name: str, width: int, height: int) -> Notebook:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.set_viewport_size({"width": width, "height": height})
        workspace = secrets.token_hex(4)  # else the tabs of the last page would come back
        page.goto(f"{self.jupyter.url}/lab/workspaces/{workspace}/tree/{quote(name)}?token={self.jupyter.token}")
        page.wait_for_function(
            "() => window.jupyterapp?.shell?.currentWidget?.content?.widgets?.length", timeout=PATIENCE
        )
        return Notebook(self, page)

    def _watch(self, page: Any) -> None:
        page.on("console", lambda message: message.type == "error" and self.console_errors.append(message.text))
        page.on("pageerror", lambda error: self.console_errors.append(str(error)))
        page.on("websocket", lambda socket: self._note(socket.url))

    def _note(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in ("data", "blob", "about") and address.hostname not in LOOPBACK:
            self.foreign_requests.append(url)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the system's Chromium."""
    found = os.environ.get("AGENTOS_LAB_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    missing = (
        "the package playwright" if playwright is None else "Chromium (or Chrome) on PATH" if found is None else ""
    )
    if missing:
        message = f"the browser tests did not run: they need {missing}"
        if os.environ.get("CI"):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def jupyter(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    """The JupyterLab server of this process."""
    server = Jupyter(tmp_path_factory.mktemp("jupyter"))

    def end(number: int, frame: Any) -> None:
        server.stop()
        signal.signal(signal.SIGTERM, before)
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, end)
    try:
        server.wait_until_up()
        yield server
    finally:
        server.stop()
        signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="module")
def lab(jupyter: Jupyter, chromium: str) -> Iterator[Lab]:
    """JupyterLab in a browser of this file's own.

    Not one browser for the whole run: Playwright keeps an event loop going, and other tests start loops of their own.
    """
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, headless=True, args=list(CHROMIUM_SWITCHES))
        yield Lab(jupyter, browser.new_context(device_scale_factor=1))
        browser.close()
        jupyter.end_kernels()


@pytest.fixture(autouse=True)
def nothing_leaves_and_nothing_breaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test: no request off the machine, no error in the console."""
    yield
    if "lab" in request.fixturenames:
        lab = request.getfixturevalue("lab")
        foreign, errors = lab.foreign_requests[:], lab.console_errors[:]
        lab.foreign_requests.clear()
        lab.console_errors.clear()
        assert not foreign, f"requests off the machine: {foreign}"
        assert not errors, f"errors in the console: {errors}"


def _without_colours(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
