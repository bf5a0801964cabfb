"""The Web API of the loopback Slack: the methods we call, with the keys that Slack answers."""

from collections.abc import Callable
from typing import Any

from tests.adapters.slack.world import APP, BOT, BOT_ID, TEAM, Channel, Json, Refused, World

Method = Callable[[World, Json], Json]


def auth_test(world: World, _: Json) -> Json:
    return {
        "url": "https://fjord.slack.com/", "team": "Fjord & Co", "user": "okr",
        "team_id": world.team, "user_id": BOT, "bot_id": BOT_ID, "is_enterprise_install": False,
    }  # fmt: skip


def post_message(world: World, asked: Json) -> Json:
    channel = world.place(asked["channel"])
    if not channel.id.startswith("D") and BOT not in channel.members:
        raise Refused("not_in_channel")
    message = _message(world, asked)
    if thread := asked.get("thread_ts"):
        root = _found(world, channel, thread, "thread_not_found")
        message["thread_ts"] = thread
        root |= {"thread_ts": thread, "reply_count": root.get("reply_count", 0) + 1}
    channel.messages.append(message)
    shown = {k: v for k, v in message.items() if k != "metadata" or v}
    return {"channel": channel.id, "ts": message["ts"], "message": shown}


def update(world: World, asked: Json) -> Json:
    if asked["channel"].startswith("U"):
        raise Refused("channel_not_found")
    channel = world.place(asked["channel"])
    message = _found(world, channel, asked["ts"], "message_not_found")
    if message.get("user") != BOT:
        raise Refused("cant_update_message")
    world.check_message(asked.get("text", ""), asked.get("blocks", []))
    changed = {key: asked[key] for key in ("text", "blocks", "metadata") if key in asked}
    message |= changed | {"edited": {"user": BOT, "ts": world.ts()}}
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": message}


def delete(world: World, asked: Json) -> Json:
    channel = world.place(asked["channel"])
    message = _found(world, channel, asked["ts"], "message_not_found")
    channel.messages.remove(message)
    return {"channel": channel.id, "ts": message["ts"]}


def post_ephemeral(world: World, asked: Json) -> Json:
    channel = world.place(asked["channel"])
    if BOT not in channel.members:
        raise Refused("not_in_channel")
    if asked["user"] not in channel.members:
        raise Refused("user_not_in_channel")
    message = world.whisper(channel.id, asked["user"], _message(world, asked))
    return {"message_ts": message["ts"]}


def conversations_open(world: World, asked: Json) -> Json:
    user = world.user(asked["users"])
    if user["deleted"]:
        raise Refused("user_disabled")
    return {"no_op": True, "already_open": True, "channel": {"id": world.dm(user["id"]).id}}


def join(world: World, asked: Json) -> Json:
    channel = world.channels.get(asked["channel"])
    if channel is None:
        raise Refused("channel_not_found")
    if channel.is_archived:
        raise Refused("is_archived")
    if channel.is_private:
        raise Refused("method_not_supported_for_channel_type")
    channel.members.add(BOT)
    return {"channel": {"id": channel.id, "name": channel.name, "is_member": True}}


def history(world: World, asked: Json) -> Json:
    channel = world.place(asked["channel"])
    tops = [m for m in reversed(channel.messages) if m.get("thread_ts", m["ts"]) == m["ts"]]
    start, limit = int(asked.get("cursor") or 0), min(int(asked.get("limit", 100)), 999)
    page, more = tops[start : start + limit], len(tops) > start + limit
    told = {"messages": [_told(m, asked) for m in page], "has_more": more, "pin_count": 0}
    after = {"response_metadata": {"next_cursor": str(start + limit)}} if more else {}
    return told | after


def replies(world: World, asked: Json) -> Json:
    channel = world.place(asked["channel"])
    root = _found(world, channel, asked["ts"], "thread_not_found")
    under = [m for m in channel.messages if m.get("thread_ts") == root["ts"] and m is not root]
    return {"messages": [_told(m, asked) for m in (root, *under)], "has_more": False}


def users_info(world: World, asked: Json) -> Json:
    locale = {"locale": "en-GB"} if asked.get("include_locale") else {}
    return {"user": world.user(asked["user"]) | locale}


def lookup_by_email(world: World, asked: Json) -> Json:
    for user in world.users.values():
        if user["profile"]["email"] == asked["email"] and not user["deleted"]:
            return {"user": user}
    raise Refused("users_not_found")


def users_list(world: World, asked: Json) -> Json:
    everybody = list(world.users.values())
    start, limit = int(asked.get("cursor") or 0), int(asked["limit"])
    more = len(everybody) > start + limit
    after = {"response_metadata": {"next_cursor": str(start + limit) if more else ""}}
    locale = {"locale": "en-GB"} if asked.get("include_locale") else {}
    members = [user | locale for user in everybody[start : start + limit]]
    return {"members": members, "cache_ts": 1, **after}


def views_open(world: World, asked: Json) -> Json:
    user = world.pull(asked["trigger_id"])
    world.stacks[user] = []
    return {"view": world.show(user, asked["view"])}


def views_push(world: World, asked: Json) -> Json:
    user = world.pull(asked["trigger_id"])
    if len(world.stacks.get(user, [])) >= 3:
        raise Refused("push_limit_reached")
    return {"view": world.show(user, asked["view"])}


def views_update(world: World, asked: Json) -> Json:
    view = world.view(asked["view_id"])
    return {"view": world.show("", asked["view"], view)}


def views_publish(world: World, asked: Json) -> Json:
    user = world.user(asked["user_id"])
    view = asked["view"]
    world.homes[user["id"]] = World().show(user["id"], view)
    return {"view": world.homes[user["id"]]}


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "conversations.open": conversations_open,
    "conversations.join": join,
    "conversations.history": history,
    "conversations.replies": replies,
    "users.info": users_info,
    "users.lookupByEmail": lookup_by_email,
    "users.list": users_list,
    "views.open": views_open,
    "views.push": views_push,
    "views.update": views_update,
    "views.publish": views_publish,
}
NEEDS = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "conversations.join": "channels:join",
    "conversations.history": "im:history",
    "conversations.replies": "im:history",
    "conversations.open": "im:write",
    "users.info": "users:read",
    "users.lookupByEmail": "users:read.email",
    "users.list": "users:read",
}
FORM_ONLY = {
    "conversations.history", "conversations.replies", "users.info", "users.lookupByEmail",
}  # fmt: skip
"""These take no JSON."""


def _message(world: World, asked: Json) -> Json:
    text, blocks = asked.get("text", ""), asked.get("blocks", [])
    if asked.get("unfurl_links", True) and "user" not in asked:
        raise Refused("invalid_arguments", "links would be unfurled")
    if not text and not blocks:
        raise Refused("no_text")
    world.check_message(text, blocks)
    message: Json = {
        "type": "message", "user": BOT, "bot_id": BOT_ID, "app_id": APP, "team": TEAM,
        "ts": world.ts(), "text": text, "blocks": blocks, "bot_profile": {"id": BOT_ID},
    }  # fmt: skip
    return message | ({"metadata": asked["metadata"]} if "metadata" in asked else {})


def _found(world: World, channel: Channel, ts: str, otherwise: str) -> Json:
    try:
        return world.message(channel, ts)
    except Refused:
        raise Refused(otherwise) from None


def _told(message: Json, asked: Json) -> Json:
    wants: Any = asked.get("include_all_metadata")
    return {k: v for k, v in message.items() if k != "metadata" or str(wants).lower() in "1true"}
