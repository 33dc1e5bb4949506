"""Development only: the viewer's page behind a proxy that serves it below a path, as `liif serve --public-url` is for.

Usage: check_page_behind_proxy.py SERVER PORT IDENTIFIER
Forwards http://127.0.0.1:PORT/pictures/... to SERVER/..., and looks at an image there. Fails on an error of the page's script, on
any request beside that path, and where no tile comes.
"""

import http.server
import sys
import threading
import urllib.error
import urllib.request

from playwright.sync_api import sync_playwright

from watched_page import PATIENCE, chromium, watch

server, port, identifier = sys.argv[1].rstrip("/"), int(sys.argv[2]), sys.argv[3]
prefix = "/pictures"
problems, tiles = [], []


class Proxy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if not self.path.startswith(prefix + "/"):
            problems.append(f"asked for {self.path}")
            self.send_error(404)
            return
        try:
            answer = urllib.request.urlopen(server + self.path.removeprefix(prefix), timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            answer = error
        body = answer.read()
        if answer.status == 200 and f"/{identifier}@" in self.path and "/default." in self.path:
            tiles.append(self.path)
        self.send_response(answer.status)
        for name in ["Content-Type", "Content-Security-Policy", "ETag"]:
            if answer.headers[name]:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


threading.Thread(target=http.server.ThreadingHTTPServer(("127.0.0.1", port), Proxy).serve_forever, daemon=True).start()
with sync_playwright() as playwright:
    browser = chromium(playwright)
    page = browser.new_page(viewport={"width": 1000, "height": 700})
    watch(page, problems)
    page.goto(f"http://127.0.0.1:{port}{prefix}/")
    page.click(f"#cards a:has-text('{identifier}')")
    page.wait_for_function("() => shown && shown.viewer.world.getItemCount() > 0 && shown.viewer.world.getItemAt(0).getFullyLoaded()")
    browser.close()
print(f"behind a proxy: {len(tiles)} tiles below {prefix}")
if not tiles:
    problems.append("no tile came")
for problem in problems:
    print("PROBLEM:", problem)
sys.exit(1 if problems else 0)
