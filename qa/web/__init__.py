"""The web endpoint and its page; like the command line, it only translates.

``create_app`` puts it together: ``api`` (questions, sources), ``openai`` (the same answers in OpenAI's shape) and
the page in ``static`` behind ``gate`` (limits, keys, headers, one log line a request); ``shelf`` holds the library
in use and the queue in front of it.
"""

from qa.web.app import create_app
from qa.web.settings import WebSettings

__all__ = ["WebSettings", "create_app"]
