"""Development only: the viewer's page in headless Chromium (apt: chromium; PyPI: playwright).

Usage: check_page.py URL IDENTIFIER OUTPUT_FOLDER
Zooms to the server's largest factor, moves the comparison's slider, downloads a view, and leaves screenshots to look at. Looks at
what the page does while the server refuses and where it fails.
Fails on an error of the page's script and on any request to another host.
"""

import re
import struct
import sys
import urllib.parse
from pathlib import Path

from playwright.sync_api import sync_playwright

from watched_page import PATIENCE, chromium, watch

url, identifier, folder = sys.argv[1].rstrip("/"), sys.argv[2], Path(sys.argv[3])
folder.mkdir(parents=True, exist_ok=True)
problems, requested = [], set()


def watched(context):
    """A page whose errors and requests are noted."""
    page = context.new_page()
    watch(page, problems)
    page.on("request", lambda request: requested.add(urllib.parse.urlsplit(request.url).netloc))
    return page


def settle(page, images=1):
    """Waits until the viewer is open with so many images and all their tiles that are to be seen are there."""
    page.wait_for_function(
        "images => { const world = shown?.viewer.world; return world?.getItemCount() === images && "
        "[...Array(images).keys()].every(i => world.getItemAt(i).getFullyLoaded()); }",
        arg=images, timeout=PATIENCE * 1000)
    page.wait_for_timeout(800)


def check_refusals(browser):
    """The page beside a busy server and one that fails. Refusals are errors on the console, so only the script's own count."""
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.set_default_timeout(PATIENCE * 1000)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    refused = set()

    def once(route):
        if route.request.url in refused:
            route.continue_()
        else:
            refused.add(route.request.url)
            route.fulfill(status=503, headers={"Retry-After": "1", "Content-Type": "text/plain"}, body="busy")

    # Thumbnails, descriptions, and downloads, whose size has a ^.
    page.route(re.compile(r"/full/(!400,400|max)/|/info\.json$|/(\^|%5E)\d+,\d+/"), once)
    page.goto(url + "/")
    page.wait_for_function(
        "() => { const all = [...document.querySelectorAll('#cards img')];"
        " return all.length > 0 && all.every(image => image.complete && image.naturalWidth > 0); }")
    page.locator("#cards a", has_text=identifier).first.click()
    settle(page)
    page.fill("#pixels", "200")
    with page.expect_download() as event:
        page.click("#download button")
    if not event.value.suggested_filename.endswith(".png"):
        problems.append(f"a busy server's download is {event.value.suggested_filename}")
    print("refused once each:", len(refused))
    if not any("/full/" in address for address in refused) or len(refused) < 3:
        problems.append("the busy server was not asked for all that it should refuse")
    if page.locator("#trouble").is_visible():
        problems.append("the page speaks of trouble that is over")
    # What was not opened is compared with nothing.
    page.unroute_all()
    page.route("**/info.json", lambda route: route.fulfill(status=404, body="gone"))
    page.reload()
    page.wait_for_selector("#trouble:not([hidden])")
    page.unroute_all()
    page.select_option("#compare", "bicubic")
    page.wait_for_timeout(1500)
    if page.evaluate("shown.viewer.world.getItemCount()") or page.locator("#right").is_visible():
        problems.append("a comparison is shown in place of the picture")
    # Tiles that fail again and again are spoken of.
    page.route(re.compile(r"/default\.jpg$"), lambda route: route.fulfill(status=500, body="changed"))
    page.reload()
    page.wait_for_selector("#trouble:not([hidden])")
    page.close()


with sync_playwright() as playwright:
    browser = chromium(playwright)
    context = browser.new_context(viewport={"width": 1200, "height": 800}, accept_downloads=True, has_touch=True)
    page = watched(context)
    page.goto(url + "/")
    page.wait_for_selector("#cards img")
    page.wait_for_timeout(1500)
    page.screenshot(path=str(folder / "1-gallery.png"))
    # By the keyboard alone.
    page.locator("#cards a", has_text=identifier).first.focus()
    page.keyboard.press("Enter")
    settle(page)
    page.screenshot(path=str(folder / "2-whole.png"))
    print("whole:", page.evaluate("document.getElementById('scale').value"),
          "invented shown:", page.locator("#invented").is_visible())
    # Its keys work wherever the focus is.
    page.click("#whole")
    zoom = "shown.viewer.viewport.getZoom()"
    before = page.evaluate(zoom)
    page.keyboard.press("+")
    if not page.evaluate(zoom) > before:
        problems.append("the key + does not zoom after a button")
    # A file of the deepest image's own name is not taken for it.
    factor = page.evaluate("largestFactor(shown.image)")
    beside = page.evaluate(
        "() => { list.images.push({ id: `${shown.image.id}@${list.largestFactor}x`, width: 1, height: 1 });"
        " const factor = largestFactor(shown.image); list.images.pop(); return factor; }")
    if factor < 2 or beside != factor - 1:
        problems.append(f"beside a file of the name at {factor}x the page shows {beside}x")
    page.click("#deepest")
    page.wait_for_timeout(2500)
    settle(page)
    page.screenshot(path=str(folder / "3-deepest.png"))
    deepest = page.evaluate("document.getElementById('scale').value")
    print("deepest:", deepest, "invented shown:", page.locator("#invented").is_visible())
    if not page.locator("#invented").is_visible():
        problems.append("invented detail is not labelled")
    for name in ["bicubic", "nearest"]:
        page.select_option("#compare", name)
        settle(page, images=2)
        page.screenshot(path=str(folder / f"4-{name}.png"))
    box = page.locator("#divider").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(900, 300, steps=5)
    page.mouse.up()
    page.locator("#divider").press("ArrowRight")
    page.wait_for_timeout(500)
    place = int(page.locator("#divider").get_attribute("aria-valuenow"))
    print("divider after a drag to 900 of 1200 and an arrow key:", place)
    if not 75 <= place <= 79:
        problems.append(f"the divider is at {place}")
    page.screenshot(path=str(folder / "5-slider.png"))
    page.fill("#pixels", "1500")
    with page.expect_download() as event:
        page.click("#download button")
    path = folder / "view.png"
    event.value.save_as(str(path))
    width, height = struct.unpack(">II", path.read_bytes()[16:24])
    print("downloaded", event.value.suggested_filename, (width, height))
    if max(width, height) != 1500:
        problems.append(f"the download has {width}×{height} pixels")
    page.keyboard.press("Escape")
    page.wait_for_selector("#gallery:not([hidden])")
    context.close()
    # Dark, on a phone, by touch.
    context = browser.new_context(viewport={"width": 390, "height": 780}, color_scheme="dark", has_touch=True, is_mobile=True, device_scale_factor=2)
    page = watched(context)
    page.goto(url + "/")
    page.wait_for_selector("#cards img")
    page.wait_for_timeout(1500)
    page.screenshot(path=str(folder / "6-phone-gallery.png"))
    page.tap(f"#cards a:has-text('{identifier}')")
    settle(page)
    page.tap("#in")
    page.select_option("#compare", "bicubic")
    page.wait_for_timeout(1500)
    settle(page, images=2)
    page.screenshot(path=str(folder / "7-phone.png"))
    context.close()
    check_refusals(browser)
    browser.close()
if requested != {urllib.parse.urlsplit(url).netloc}:
    problems.append(f"requests went to {requested}")
for problem in problems:
    print("PROBLEM:", problem)
sys.exit(1 if problems else 0)
