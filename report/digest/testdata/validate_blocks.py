"""Judges a digest.json on stdin by Slack's own SDK, block by block.

A block is good if the SDK knows it, raises nothing on it, and gives it back whole. Exits with 1 and says what is wrong
otherwise. Charts, data_visualization, the SDK does not know yet: they are passed over.
"""

import json
import logging
import sys

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

logging.disable(logging.CRITICAL)  # what the SDK skips comes back missing, which is reported below


def lost(sent, known, where):
    """Yields every place at which what was sent is not what the SDK understood."""
    if isinstance(sent, dict) and isinstance(known, dict):
        for key, value in sent.items():
            if key not in known:
                yield f"{where}.{key} is not known"
            else:
                yield from lost(value, known[key], f"{where}.{key}")
    elif isinstance(sent, list) and isinstance(known, list) and len(sent) == len(known):
        for i, (a, b) in enumerate(zip(sent, known)):
            yield from lost(a, b, f"{where}[{i}]")
    elif sent != known:
        yield f"{where}: {sent!r} was understood as {known!r}"


def mistakes(block, where):
    try:
        parsed = Block.parse(block)
        if parsed is None:
            return [f"{where}: unknown type {block.get('type')!r}"]
        parsed.validate_json()
        # Plain data, as it would be sent.
        known = json.loads(json.dumps(parsed.to_dict()))
    except (SlackObjectFormationError, TypeError, AttributeError) as e:
        return [f"{where}: {e}"]
    return list(lost(block, known, where))


blocks = json.load(sys.stdin)["blocks"]
known = [(i, block) for i, block in enumerate(blocks) if block.get("type") != "data_visualization"]
found = [m for i, block in known for m in mistakes(block, f"blocks[{i}]")]
if not blocks:
    found.append("there are no blocks")
for mistake in found:
    print(mistake, file=sys.stderr)
sys.exit(1 if found else 0)
