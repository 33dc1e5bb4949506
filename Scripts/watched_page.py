"""Development only: headless Chromium and what it finds wrong with a page, for check_page.py and check_page_behind_proxy.py."""

# Seconds for all tiles of a view, on a machine that is slow and has other things to do.
PATIENCE = 600


def chromium(playwright):
    """The system's browser."""
    return playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])


def watch(page, problems):
    """Adds the errors of a page's script to a list."""
    page.set_default_timeout(PATIENCE * 1000)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("console", lambda message: problems.append(f"console: {message.text}") if message.type == "error" else None)
