"""A mail server that delivers nothing: what the demo sends is kept as files."""

import contextlib
import time
from collections.abc import Iterator

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from . import ports
from .settings import MAILS


class _Keeper:
    """Write each message to a file of its own, which any mail program opens."""

    async def handle_DATA(
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{time.monotonic_ns()}.eml"
        (MAILS / name).write_bytes(envelope.original_content)
        return "250 kept"


@contextlib.contextmanager
def running() -> Iterator[int]:
    """Take messages in, from this machine only; yields the port."""
    MAILS.mkdir(parents=True, exist_ok=True)
    port = ports.free()
    controller = Controller(_Keeper(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
