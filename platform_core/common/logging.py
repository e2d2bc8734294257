"""The request log: one JSON line at the start and the end of a request, tied by a request id."""

import structlog
from django_structlog.middlewares import RequestMiddleware


class RequestLog(RequestMiddleware):
    """Logs the path without its query, because people search for names and numbers there.

    The request id goes back in `X-Request-ID`, so that a person can quote what went wrong.
    """

    @staticmethod
    def format_request(request) -> str:
        return f"{request.method} {request.path}"

    def handle_response(self, request, response) -> None:
        request_id = structlog.contextvars.get_contextvars().get("request_id")
        if request_id:
            response["X-Request-ID"] = request_id
        super().handle_response(request, response)
