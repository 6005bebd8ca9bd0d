"""The port to serve on."""

import os
import socket

from .ui import DevError


def wanted() -> int:
    """PORT, checked before anything that takes time."""
    text = os.environ.get("PORT") or "8069"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise DevError(f"PORT={text} is not a port number")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise DevError(
                f"port {port} cannot be used ({error.strerror}); "
                f"choose another: make demo PORT={port + 1}"
            ) from error
    return port


def free_pair() -> int:
    """The first of two ports in a row that nobody listens on: HTTP and the live bus."""
    for port in range(18069, 18969, 2):
        try:
            for number in (port, port + 1):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", number))
        except OSError:
            continue
        return port
    raise DevError("no two free ports from 18069 to 18969")


def free() -> int:
    """Any port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
