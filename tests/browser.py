"""A browser without a window for the tests of the report's page, and the page itself put together from its parts.

Chromium opens the page as a reader does, from a file. Without chromium, its driver and python3-selenium the tests are
skipped.
"""
import csv
import json
import os
import re
import shutil
import tempfile
import time

from harness import SOURCE
from report_fixture import compact

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
except ImportError:
    CHROMIUM = DRIVER = None

NO_BROWSER = None if CHROMIUM and DRIVER else "needs chromium, chromium-driver and python3-selenium"

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-device-scale-factor=1"]

# Numbers along axes that lie on each other.
OVERLAPS = """
return [...document.querySelectorAll(".chart svg")].flatMap(picture => {
    const texts = [...picture.querySelectorAll("text.small")].map(node => [node.textContent, node.getBoundingClientRect()]);
    return texts.flatMap(([a, one], i) => texts.slice(i + 1).filter(([, other]) => one.left < other.right - 1 && other.left < one.right - 1
        && one.top < other.bottom - 3 && other.top < one.bottom - 3).map(([b]) => picture.parentNode.id + ": " + a + " on " + b));
});
"""

PAGE = os.path.join(SOURCE, "analysis", "report")


def read_part(name):
    with open(os.path.join(PAGE, name), encoding="utf-8") as file:
        return file.read()


def parts(listing):
    """The files that scripts.list or styles.list names, one after the other."""
    return "\n".join(read_part(name) for name in read_part(listing).split())


def embedded(data):
    """JSON in which nothing can end the element that holds it."""
    text = json.dumps(compact(data), ensure_ascii=False, allow_nan=False)
    return re.sub("[<>&\u2028\u2029]", lambda match: "\\u%04x" % ord(match.group()), text)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def assemble(data):
    """The page as `cogov report` writes it."""
    fillings = {"<!--TITLE-->": escaped(data["title"]), "<!--STYLE-->": parts("styles.list"), "<!--SCRIPT-->": parts("scripts.list"),
                "<!--DATA-->": embedded(data)}
    return re.sub("<!--[A-Z]+-->", lambda match: fillings[match.group()], read_part("report.html"))


class Browser:
    """One chromium with an empty profile; close() ends it and removes the profile."""

    def __init__(self, width=1280, height=900, env=None):
        self.folder = tempfile.mkdtemp(prefix="cogov-browser-")
        self.downloads = os.path.join(self.folder, "downloads")
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in FLAGS + ["--user-data-dir=" + os.path.join(self.folder, "profile"), "--window-size=%d,%d" % (width, height)]:
            options.add_argument(flag)
        options.add_experimental_option("prefs", {"download.default_directory": self.downloads, "download.prompt_for_download": False,
                                                  "profile.default_content_setting_values.automatic_downloads": 1})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        try:
            self.driver = webdriver.Chrome(service=Service(DRIVER, log_path=os.devnull), options=options)
        except Exception:
            shutil.rmtree(self.folder, True)
            raise
        self.driver.set_page_load_timeout(120)
        self.driver.set_script_timeout(120)
        self.loads = 0

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.folder, True)

    def command(self, name, **values):
        return self.driver.execute_cdp_cmd(name, values)

    def resize(self, width, height=900):
        """The page's own size, whatever the least width of a window is."""
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.settle()

    def open(self, path, part=""):
        self.loads += 1  # another address each time: a change behind # alone loads nothing
        self.driver.get("file://%s?%d%s" % (path, self.loads, part))
        self.settle()

    def settle(self):
        """Two frames: sizes are observed, and charts drawn."""
        self.driver.execute_async_script("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)))")

    def run(self, script, *values):
        return self.driver.execute_script(script, *values)

    def complaints(self):
        """What the page wrote to the console."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def is_whole(self, path):
        """The browser writes beside a name that it has taken already."""
        return os.path.exists(path) and os.path.getsize(path) > 0 and not any(name.endswith(".crdownload") for name in os.listdir(self.downloads))

    def saved(self, figure, name):
        """The rows of the file of this name that a chart's button saves."""
        path = os.path.join(self.downloads, name)
        self.run("document.querySelector('#' + arguments[0] + ' button.csv').click()", figure)
        end = time.monotonic() + 30
        while not self.is_whole(path) and time.monotonic() < end:
            time.sleep(0.02)
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        os.remove(path)
        return rows

    def csv_text(self, figure):
        """What the button would save: a browser saves only a few files in a row by itself."""
        return self.driver.execute_async_script("""const [figure, done] = arguments, make = URL.createObjectURL;
            URL.createObjectURL = (blob) => { blob.text().then(done); return "#"; };
            HTMLAnchorElement.prototype.click = () => {};
            document.querySelector("#" + figure + " button.csv").click();
            delete HTMLAnchorElement.prototype.click;
            URL.createObjectURL = make;""", figure)

    def overlaps(self):
        return self.run(OVERLAPS)

    def screenshot(self, path):
        """The whole page, not only what a window shows."""
        import base64
        width = self.run("return document.documentElement.clientWidth")
        height = self.run("return document.documentElement.scrollHeight")
        picture = self.command("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                               clip={"x": 0, "y": 0, "width": width, "height": height, "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))
