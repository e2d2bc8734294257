"""What the outbox does for documents after the commit."""

from platform_core.common.outbox.registry import consumer

from . import selectors, services
from .printing import PRINTER


@consumer("documents.print")
def print_it(message) -> None:
    """A document that cannot be printed fails here, is tried again and stays visible as a dead
    letter.
    """
    if "copy" in message.payload:
        copy = selectors.copy_by_id(message.payload["copy"])
        if copy is not None:
            services.print_copy(actor=PRINTER, copy=copy)
        return
    document = selectors.document_by_id(message.payload["document"])
    if document is not None:
        services.print_document(actor=PRINTER, document=document)
