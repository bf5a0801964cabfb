"""Channels to be joined, and the conversations behind accounts."""

from adapters.slack.outcomes import Trouble
from adapters.slack.workspace import Workspace
from bot.chat.adapter import Undeliverable

OUTSIDE = {"not_in_channel", "channel_not_found"}
INVITE = "invite"


class Places:
    """One workspace's channels."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._conversations: dict[str, str] = {}

    async def conversation(self, address: str) -> str:
        """The channel behind an address: an account's conversation with the app has its own."""
        if not address.startswith(("U", "W")):
            return address
        if address not in self._conversations:
            answer = await self._workspace.ask(
                "conversations.open", lambda client: client.conversations_open(users=address)
            )
            self._conversations[address] = answer["channel"]["id"]
        return self._conversations[address]

    def learn(self, user: str, channel: str) -> None:
        """Somebody wrote to the app there."""
        self._conversations[user] = channel

    async def enter(self, address: str, problem: Trouble) -> bool:
        """Whether a channel that was closed to us is open now.

        Raises Trouble, asking for an invitation, where it cannot be joined.
        """
        if problem.code not in OUTSIDE or not address.startswith(("C", "G")):
            return False
        try:
            await self._workspace.ask(
                "conversations.join", lambda client: client.conversations_join(channel=address)
            )
        except Trouble as closed:
            if closed.code in ("is_archived", "channel_not_found"):
                raise problem from closed
            if isinstance(closed.outcome, Undeliverable) or closed.code == "missing_scope":
                raise Trouble("not_in_channel", Undeliverable(INVITE)) from closed
            raise
        return True
