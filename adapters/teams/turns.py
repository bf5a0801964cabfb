"""botbuilder's inward side: its `ActivityHandler`, told apart what an activity is."""

from typing import Protocol

from botbuilder.core import ActivityHandler, BotAdapter, TurnContext
from botbuilder.schema import Activity as Turned

from adapters.teams.payloads import Activity
from adapters.teams.show import YES, Answer

SAID, ANSWER = "okr.said", "okr.answer"


class Ears(Protocol):
    """Who hears what."""

    async def message(self, said: Activity) -> Answer: ...

    async def invoke(self, said: Activity) -> Answer: ...

    async def change(self, said: Activity) -> Answer: ...


class Turns(ActivityHandler):  # type: ignore[misc] # botbuilder ships no types
    """One activity, one turn. What an invoke is answered stands in the turn's state, once."""

    def __init__(self, ears: Ears) -> None:
        super().__init__()
        self._ears = ears

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Words, or the button of a client that knows no other."""
        await self._note(turn_context, self._ears.message)

    async def on_invoke_activity(self, turn_context: TurnContext) -> None:
        """A card or a dialog, which wait for the answer."""
        await self._note(turn_context, self._ears.invoke)

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        """People and channels that come, go and are renamed."""
        await self._note(turn_context, self._ears.change)

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        """The app was added or removed."""
        await self._note(turn_context, self._ears.change)

    async def _note(self, context: TurnContext, ear: "Ear") -> None:
        context.turn_state[ANSWER] = await ear(context.turn_state[SAID])


class Ear(Protocol):
    async def __call__(self, said: Activity) -> Answer: ...


async def turn(adapter: BotAdapter, turns: Turns, said: Activity) -> Answer:
    """The answer to an activity; what we do not know is heard and left alone."""
    context = TurnContext(adapter, Turned(type=said.type, name=said.name, id=said.id))
    context.turn_state[SAID] = said
    await adapter.run_pipeline(context, turns.on_turn)
    answer = context.turn_state.get(ANSWER, YES)
    return answer if isinstance(answer, Answer) else YES
