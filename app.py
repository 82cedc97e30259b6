"""The launcher: ``streamlit run app.py``. The app itself is lib/ui/shell.py and pages/.

It only launches, because pages/ beside a script that navigates would let the first deep link
run a page without the shell (docs/decisions/0001-launcher.md).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from lib.run.engine import engine


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Runs end with the app, not with a tab: what is under way is finished first."""
    yield
    engine().close()


app = st.App("lib/ui/shell.py", lifespan=lifespan)
