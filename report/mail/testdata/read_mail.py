"""Reads a message from standard input with Python's email package and complains of whatever a mail client might.

Prints a line for each fault and ends with 1; prints what it read as JSON and ends with 0 where there is none.
"""

import email
import email.header
import email.policy
import email.utils
import json
import re
import sys

faults = []


def expect(holds, fault):
    if not holds:
        faults.append(fault)


def outline(part):
    kind = part.get_content_type()
    if not part.is_multipart():
        return kind
    return {kind: [outline(child) for child in part.iter_parts()]}


data = sys.stdin.buffer.read()
message = email.message_from_bytes(data, policy=email.policy.default)
raw = email.message_from_bytes(data, policy=email.policy.compat32)

for part in message.walk():
    expect(not part.defects, f"{part.get_content_type()}: {part.defects}")
    for name, value in part.items():
        expect(not getattr(value, "defects", ()), f"{name}: {value!r}: {value.defects if hasattr(value, 'defects') else ''}")

for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Language", "Auto-Submitted"):
    expect(len(message.get_all(name, [])) == 1, f"{name}: {message.get_all(name)}")

for part in message.walk():
    if part.get_content_type() == "multipart/related":
        expect(part.get_param("type") == "multipart/alternative", "multipart/related does not say what it begins with")

text = message.get_body(("plain",))
html = message.get_body(("html",))
expect(text is not None and text.get_content().strip(), "no plain text")
expect(html is not None and html.get_content().strip(), "no HTML")
page = html.get_content() if html is not None else ""

referenced = re.findall(r'src="cid:([^"]+)"', page)
embedded = [part["Content-ID"][1:-1] for part in message.walk() if part["Content-ID"]]
expect(len(set(embedded)) == len(embedded), f"two parts of the same Content-ID: {embedded}")
expect(sorted(referenced) == sorted(embedded), f"the HTML shows {referenced}, the message holds {embedded}")
for part in message.walk():
    if part["Content-ID"]:
        expect(part.get_content_disposition() == "inline", f"{part['Content-ID']} is not inline")
        expect(part.get_content().startswith(b"\x89PNG\r\n"), f"{part['Content-ID']} is not a PNG")

attachments = list(message.iter_attachments())
for part in attachments:
    if part.get_content_type() == "application/pdf":
        expect(part.get_content().startswith(b"%PDF-"), "the PDF does not begin like one")

if faults:
    print("\n".join(faults))
    sys.exit(1)

json.dump(
    {
        "outline": outline(message),
        # A header may be folded before its first word; Python up to 3.12 takes the fold's space for content.
        "subject": str(message["Subject"]),
        "from": str(message["From"]),
        "to": str(message["To"]),
        # How each address is called, by field.
        "names": {
            name: [address.display_name for address in message[name].addresses]
            for name in ("From", "To", "Reply-To")
            if message[name]
        },
        # The same by the older functions: those above have a space too many between encoded words before Python 3.13.
        "decoded": {
            name: [
                str(email.header.make_header(email.header.decode_header(called)))
                for called, _ in email.utils.getaddresses([raw[name].replace("\r\n", "")])
            ]
            for name in ("From", "To", "Reply-To")
            if raw[name]
        },
        "language": str(message["Content-Language"]),
        "images": len(embedded),
        "attached": [part.get_filename() for part in attachments if part.get_content_disposition() == "attachment"],
        "html_bytes": len(page.encode()),
    },
    sys.stdout,
    ensure_ascii=False,
)
