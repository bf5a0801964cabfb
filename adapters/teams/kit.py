"""botbuilder's outward side: its `BotAdapter`, over our own wire."""

from typing import Any

from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import (
    Activity,
    Attachment,
    ConversationAccount,
    ConversationParameters,
    ConversationReference,
    ResourceResponse,
)

from adapters.teams.cards import Drawn
from adapters.teams.outcomes import Trouble
from adapters.teams.wire import Json, Place, Wire
from bot.chat.adapter import Unknown

CARD = "application/vnd.microsoft.card.adaptive"
WAITS = "okr.waits"
"""In a turn's state: somebody waits for this, and it goes before what the outbox has."""
TARGET = "okr.target"
"""In a turn's state: the one member of the conversation who is to see it."""


class Connector(BotAdapter):  # type: ignore[misc] # botbuilder ships no types
    """Sends, edits and deletes. Nothing is tried twice here."""

    def __init__(self, wire: Wire, bot_id: str) -> None:
        super().__init__()
        self._wire, self._bot = wire, {"id": bot_id}

    async def say(
        self,
        place: Place,
        drawn: Drawn,
        *,
        under: str = "",
        waits: bool = False,
        target: str = "",
        about: str = "",
    ) -> str:
        """Post a message; its id. `about` is the private message that it answers privately."""
        activity = _message(drawn)
        activity.reply_to_id = under or None
        if about:
            info = {"type": "targetedMessageInfo", "messageId": about}
            activity.entities = [*(activity.entities or ()), info]
        context = self._context(place, waits=waits, target=target)
        (sent,) = await self.send_activities(context, [activity])
        return str(sent.id)

    async def edit(
        self,
        place: Place,
        message: str,
        drawn: Drawn,
        *,
        waits: bool = False,
        target: str = "",
    ) -> None:
        """Put another message in the place of one of ours."""
        activity = _message(drawn)
        activity.id = message
        context = self._context(place, waits=waits, target=target)
        await self.update_activity(context, activity)

    async def take(self, place: Place, message: str) -> None:
        """Delete a message of ours."""
        await self.delete_activity(self._context(place), ConversationReference(activity_id=message))

    async def begin(self, place: Place, drawn: Drawn) -> tuple[str, str]:
        """A new thread in a channel: its conversation and its first message."""
        data = {"channel": {"id": place.conversation}, "tenant": {"id": place.tenant}}
        asked = ConversationParameters(
            is_group=True, activity=_message(drawn), channel_data=data, tenant_id=place.tenant
        )
        answer = await self._create(place, asked, waits=False)
        thread, first = str(answer.get("id") or ""), str(answer.get("activityId") or "")
        first = first or thread.partition(";messageid=")[2]
        if not thread or not first:
            raise Trouble("no_id", Unknown(), "Teams did not say what it calls the message")
        return thread, first

    async def open(self, place: Place, account: str) -> str:
        """Somebody's own conversation with the bot: its id, made where there is none."""
        asked = ConversationParameters(
            is_group=False,
            members=[{"id": account}],
            channel_data={"tenant": {"id": place.tenant}},
            tenant_id=place.tenant,
        )
        answer = await self._create(place, asked, waits=True)
        if not answer.get("id"):
            raise Trouble("no_id", Unknown(), "Teams did not say what it calls the conversation")
        return str(answer["id"])

    # What botbuilder asks of an adapter

    async def send_activities(
        self, context: TurnContext, activities: list[Activity]
    ) -> list[ResourceResponse]:
        """Post these, one after another, where the turn is."""
        place = _place(context)
        call = self._wire.ask if context.turn_state.get(WAITS) else self._wire.post
        target = context.turn_state.get(TARGET)
        end = ["?isTargetedActivity=true"] if target else []
        sent = []
        for activity in activities:
            body = {**self._body(activity), "conversation": _conversation(place)}
            if target:
                body["recipient"] = {"id": target}
            above = [activity.reply_to_id] if activity.reply_to_id else []
            path = place.path("activities", *above) + "".join(end)
            answer = await call(place, "POST", path, body)
            if not answer.get("id"):
                raise Trouble("no_id", Unknown(), "Teams did not say what it calls the message")
            sent.append(ResourceResponse(id=str(answer["id"])))
        return sent

    async def update_activity(self, context: TurnContext, activity: Activity) -> ResourceResponse:
        """Put this in the place of what has its id."""
        place = _place(context)
        call = self._wire.ask if context.turn_state.get(WAITS) else self._wire.post
        end = "?isTargetedActivity=true" if context.turn_state.get(TARGET) else ""
        body = {**self._body(activity), "id": activity.id, "conversation": _conversation(place)}
        await call(place, "PUT", place.path("activities", activity.id) + end, body)
        return ResourceResponse(id=activity.id)

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        """Take away what the reference names."""
        place = _place(context)
        await self._wire.post(place, "DELETE", place.path("activities", reference.activity_id))

    async def _create(self, place: Place, asked: ConversationParameters, *, waits: bool) -> Json:
        body: Json = {
            "isGroup": asked.is_group,
            "bot": self._bot,
            "tenantId": asked.tenant_id,
            "channelData": asked.channel_data,
        }
        if asked.members:
            body["members"] = asked.members
        if asked.activity:
            body["activity"] = self._body(asked.activity)
        call = self._wire.ask if waits else self._wire.post
        return await call(place, "POST", "v3/conversations", body)

    def _context(self, place: Place, *, waits: bool = False, target: str = "") -> TurnContext:
        there = Activity(
            type="event",
            service_url=place.service,
            conversation=ConversationAccount(id=place.conversation, tenant_id=place.tenant),
        )
        context = TurnContext(self, there)
        context.turn_state.update({WAITS: waits, TARGET: target})
        return context

    def _body(self, activity: Activity) -> Json:
        """As JSON: botbuilder's own way takes ten milliseconds and drops what it does not know."""
        said: Json = {
            "type": activity.type,
            "from": self._bot,
            "summary": activity.summary,
            "text": activity.text,
            "textFormat": "plain" if activity.text else None,
            "entities": activity.entities or None,
            "replyToId": activity.reply_to_id,
            "channelData": activity.channel_data,
            "attachments": [
                {"contentType": each.content_type, "content": each.content}
                for each in activity.attachments or ()
            ],
        }
        return {name: value for name, value in said.items() if value}


def _message(drawn: Drawn) -> Activity:
    """A card speaks for itself; its text is what a notification says."""
    return Activity(
        type="message",
        summary=drawn.text,
        attachments=[Attachment(content_type=CARD, content=drawn.card)],
    )


def _place(context: TurnContext) -> Place:
    there: Any = context.activity
    return Place(there.conversation.tenant_id, there.conversation.id, there.service_url)


def _conversation(place: Place) -> Json:
    return {"id": place.conversation, "tenantId": place.tenant}
