"""Debian's Chromium for Playwright, whose own browsers are on no package registry.

playwright.chromium.launch(executable_path=chromium(), args=LAUNCH_ARGS)
"""

from __future__ import annotations

import os
import shutil
import subprocess

# Root has no sandbox; and the browser must ask nothing of the network by itself.
LAUNCH_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def unavailable() -> str:
    """Why this machine cannot have Chromium, or "" if it can."""
    if shutil.which("chromium") or (os.geteuid() == 0 and shutil.which("apt-get")):
        return ""
    return "chromium is missing, and only root with apt could install it"


def chromium() -> str:
    """The path of chromium, installed first if it is missing."""
    if reason := unavailable():
        raise RuntimeError(reason)
    if not shutil.which("chromium"):
        for command in (["update"], ["-y", "install", "--no-install-recommends", "chromium"]):
            done = subprocess.run(
                ["apt-get", "-q", *command],
                text=True,
                capture_output=True,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
            if done.returncode:
                raise RuntimeError(f"apt-get {command[0]} failed:\n{done.stderr[-2000:]}")
    return shutil.which("chromium") or "chromium"
