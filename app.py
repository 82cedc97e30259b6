"""The launcher: ``streamlit run app.py``. The app itself is lib/ui/shell.py and pages/.

It only launches, because pages/ beside a script that navigates would let the first deep link
run a page without the shell (docs/decisions/0001-launcher.md).
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from lib.model import MapperError
from lib.run.engine import close_engine, engine


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Runs go on with the app, not with a visitor: also those that a crash or a stop left."""
    try:
        await asyncio.to_thread(engine)
    except MapperError as error:  # a page says it, once there is somebody to read it
        logging.getLogger(__name__).error("%s", error)
    yield
    await asyncio.to_thread(close_engine)


app = st.App("lib/ui/shell.py", lifespan=lifespan)
