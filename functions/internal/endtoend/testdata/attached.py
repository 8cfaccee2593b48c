"""Reads a message from standard input with Python's email package and writes its attached PDF to standard output."""

import email
import email.policy
import sys

message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
pdfs = [part for part in message.iter_attachments() if part.get_content_type() == "application/pdf"]
if len(pdfs) != 1:
    sys.exit(f"{len(pdfs)} PDFs are attached")
sys.stdout.buffer.write(pdfs[0].get_content())
