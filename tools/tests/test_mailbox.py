"""The mail server of the demo keeps what it is sent."""

import email
import smtplib
from email.message import EmailMessage

from devenv import mailbox


def test_kept(monkeypatch, tmp_path):
    monkeypatch.setattr(mailbox, "MAILS", tmp_path / "mail")
    message = EmailMessage()
    message["Subject"] = "Quotation"
    message.set_content("10 desks")
    with mailbox.running() as port, smtplib.SMTP("127.0.0.1", port) as client:
        for receiver in ("a@example.com", "b@example.com"):
            client.send_message(message, "shop@example.com", [receiver])
    kept = sorted((tmp_path / "mail").glob("*.eml"))
    assert len(kept) == 2
    assert email.message_from_bytes(kept[0].read_bytes())["Subject"] == "Quotation"
