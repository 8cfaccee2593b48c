"""Uses a Slack as Slack's own SDK does. Arguments: where it is, a bot token, a response URL.

Exits with 1 and a traceback where something is not as Slack has it. It knows the channels C0000OPS, C0000OUT (not a
member) and C0000OLD (archived), and the member Kari; a page has two messages or channels; a file is processed at the
third files.info.
"""

import sys

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.metadata import Metadata
from slack_sdk.webhook import WebhookClient

url, token, response_url = sys.argv[1:]
slack = WebClient(token=token, base_url=url)


def refused(code, method, **arguments):
    try:
        method(**arguments)
    except SlackApiError as e:
        assert e.response["error"] == code, e
        return e.response
    raise AssertionError(f"not refused with {code}")


who = slack.auth_test()
headers = {name.lower(): value for name, value in who.headers.items()}
assert who["team_id"] == "T0000ACME" and "chat:write" in headers["x-oauth-scopes"].split(","), who.data

picture = slack.files_upload_v2(filename="chats.png", content=b"PNG")["file"]["id"]
image = {"type": "image", "alt_text": "Chats", "slack_file": {"id": picture}}
e = refused("invalid_blocks", slack.chat_postMessage, channel="C0000OPS", text="a", blocks=[image])
assert e["response_metadata"]["messages"] == ["[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"], e.data
assert [slack.files_info(file=picture)["file"]["mimetype"] for _ in range(3)] == ["", "", "image/png"]

first = slack.chat_postMessage(
    channel="C0000OPS",
    text="a",
    blocks=[image],
    mrkdwn=False,
    unfurl_links=False,
    unfurl_media=False,
    metadata=Metadata(event_type="weekly", event_payload={"key": "a"}),
)["ts"]
for text in "bc":
    slack.chat_postMessage(channel="C0000OPS", text=text)

pdf = slack.files_upload_v2(filename="report.pdf", title="Report", content=b"%PDF", channel="C0000OPS", thread_ts=first)["file"]["id"]
infos = [slack.files_info(file=pdf)["file"] for _ in range(3)]
assert infos[-1]["shares"]["public"]["C0000OPS"][0]["thread_ts"] == first, infos

pages = [page["messages"] for page in slack.conversations_history(channel="C0000OPS", include_all_metadata=True, limit=15)]
assert [[m["text"] for m in page] for page in pages] == [["c", "b"], ["a"]], pages
assert pages[1][0]["metadata"] == {"event_type": "weekly", "event_payload": {"key": "a"}}, pages
bare = slack.conversations_history(channel="C0000OPS", oldest=first, latest=first, inclusive=True)["messages"]
assert [m["text"] for m in bare] == ["a"] and "metadata" not in bare[0], bare
assert slack.conversations_history(channel="C0000OPS", oldest=first, latest=first)["messages"] == []
slack.chat_postMessage(
    channel="C0000OPS", thread_ts=first, text="d", metadata=Metadata(event_type="weekly", event_payload={"key": "a/d"})
)
pages = [page["messages"] for page in slack.conversations_replies(channel="C0000OPS", ts=first, include_all_metadata=True)]
assert [[m.get("files", [{}])[0].get("name") for m in page] for page in pages] == [[None, "report.pdf"], [None]], pages
assert pages[1][0]["metadata"]["event_payload"] == {"key": "a/d"} and pages[1][0]["thread_ts"] == first, pages
bare = slack.conversations_replies(channel="C0000OPS", ts=pages[1][0]["ts"])["messages"]
assert [m["text"] for m in bare] == ["d"] and "metadata" not in bare[0], bare
refused("thread_not_found", slack.conversations_replies, channel="C0000OPS", ts="1.000001")
refused("invalid_cursor", slack.conversations_replies, channel="C0000OPS", ts=first, cursor="x")

slack.chat_update(channel="C0000OPS", ts=first, text="a again", blocks=[image, {"type": "divider"}])
again = slack.conversations_history(channel="C0000OPS", oldest=first, latest=first, inclusive=True, include_all_metadata=True)["messages"][0]
assert (again["text"], len(again["blocks"]), again["metadata"]["event_payload"]) == ("a again", 2, {"key": "a"}), again
slack.chat_update(channel="C0000OPS", ts=first, text="a")
assert "blocks" not in slack.conversations_replies(channel="C0000OPS", ts=first)["messages"][0]
refused("message_not_found", slack.chat_update, channel="C0000OPS", ts="1.000001", text="a")
refused("invalid_blocks", slack.chat_update, channel="C0000OPS", ts=first, text="a", blocks=[{"type": "chart"}])
assert slack.files_info(file=pdf)["file"]["permalink"].endswith("/" + pdf + "/report.pdf")

info = slack.conversations_info(channel="C0000OUT")["channel"]
assert info["name"] == "out" and not info["is_member"] and not info["is_archived"], info
refused("not_in_channel", slack.chat_postMessage, channel="C0000OUT", text="a")
refused("is_archived", slack.chat_postMessage, channel="C0000OLD", text="a")
refused("channel_not_found", slack.chat_postMessage, channel="C0000NONE", text="a")
refused("invalid_auth", WebClient(token="xoxb-evil", base_url=url).auth_test)

pages = [page["channels"] for page in slack.conversations_list(types="public_channel,private_channel", exclude_archived=True, limit=999)]
assert [[c["name"] for c in page] for page in pages] == [["ops"], ["out"]], pages
assert [c["is_member"] for page in pages for c in page] == [True, False], pages
refused("is_archived", slack.conversations_join, channel="C0000OLD")
for warning in [None, "already_in_channel"]:
    joined = slack.conversations_join(channel="C0000OUT")
    assert joined["channel"]["is_member"] and joined.get("warning") == warning, joined.data
slack.chat_postMessage(channel="C0000OUT", text="joined")

kari = slack.users_lookupByEmail(email="kari@acme.example")["user"]
assert (kari["id"], kari["profile"]["real_name"], kari["tz"]) == ("U0000KARI", "Kari Nordmann", "Europe/Oslo"), kari
assert slack.users_info(user="U0000KARI")["user"] == kari
refused("users_not_found", slack.users_lookupByEmail, email="nobody@acme.example")
bot = slack.bots_info(bot=who["bot_id"])["bot"]
assert bot["app_id"].startswith("A") and bot["name"] == "Kindly Weekly" and not bot["deleted"], bot

dm = slack.conversations_open(users="U0000ANN")["channel"]["id"]
slack.chat_postMessage(channel=dm, text="a")

answer = WebhookClient(response_url).send(text="Done", response_type="ephemeral")
assert (answer.status_code, answer.body) == (200, "ok"), answer.body
