"""Amazon's Selling Partner API: what a seller takes part in, and the reports of their listings."""

import logging
import os

# The client library chooses hosts by these, and its import fails on a value that it does not know.
# It is imported after this, by the modules of this package alone.
for _variable in ("AWS_ENV", "SP_API_DEFAULT_MARKETPLACE"):
    os.environ.pop(_variable, None)

# At INFO httpx logs every address, and that of a document is as good as the document.
logging.getLogger("httpx").setLevel(logging.WARNING)
