"""Signs requests as Slack does, with the signer of Slack's own SDK. Reads JSON lines of secret, timestamp and body, and
writes one signature to a line."""

import json
import sys

from slack_sdk.signature import SignatureVerifier

for line in sys.stdin:
    request = json.loads(line)
    print(SignatureVerifier(request["secret"]).generate_signature(timestamp=request["timestamp"], body=request["body"]))
