"""Microsoft Teams as a platform."""

from adapters.teams.accounts import Accounts
from adapters.teams.doctor import findings
from adapters.teams.keys import Keys
from adapters.teams.kit import Connector
from adapters.teams.people import NAME
from adapters.teams.places import Places
from adapters.teams.posts import Posts
from adapters.teams.server import routes, serve
from adapters.teams.settings import Config
from adapters.teams.standing import Standing
from adapters.teams.talk import Talk
from adapters.teams.wire import Wire
from bot.chat.adapter import Finding, Found, Handle, Keep, Outcome, Undeliverable
from bot.chat.cards import Card
from bot.chat.events import Profile
from bot.chat.memory import Memory
from bot.chat.who import Actor, Destination


class Teams:
    """Shows, hears and sends in one or several tenants."""

    name = NAME
    looks_up = False

    def __init__(self, config: Config) -> None:
        self.config = config
        self.rate = config.rate
        self._keep: Keep = Memory()
        self._wire = Wire(config)
        self._keys = Keys(config, self._wire.session)
        self._connector = Connector(self._wire, config.bot_id)
        self._places = Places(config, self._connector, lambda: self._keep)
        self._accounts = Accounts(config, self._wire, self._places)
        self._posts = Posts(self._connector, self._places, lambda: self._keep)
        self._talk: Talk | None = None

    async def run(self, handle: Handle, keep: Keep) -> None:
        """Listen until cancelled; then let what was heard be answered."""
        self._keep = keep
        self._places.forget_all()
        talk = self._talk = Talk(
            self._connector, self._places, self._accounts, handle, lambda: self._keep
        )
        served = routes(self.config, self._keys, lambda: talk)
        runner = await serve(served, self.config.host, self.config.port)
        standing = Standing(self.config, self._wire, self._places, handle, lambda: self._keep)
        try:
            await standing.run()
        finally:
            await talk.tasks.rest()
            await runner.cleanup()
            self._talk = None
            await self.close()

    async def answered(self) -> None:
        """Until everything that was heard has been answered and shown, for tests and rehearsals."""
        if self._talk is not None:
            await self._talk.tasks.all_done()

    async def close(self) -> None:
        """Let go of all connections; the next call opens new ones."""
        await self._wire.close()

    async def send(
        self, to: Destination, card: Card, *, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        """Post a card, or edit the message `replaces`, or answer in the thread of `under`."""
        if to.platform != NAME or not self._serves(to.workspace):
            return Undeliverable("no_workspace")
        return await self._posts.send(to, card, key=key, replaces=replaces, under=under)

    async def find(self, to: Destination, key: str) -> str | None:
        """Nothing: Teams lets a bot read no history."""
        return None

    async def profile(self, actor: Actor) -> Profile | None:
        """What Teams knows of an account. Raises where Teams does not say."""
        if not self._serves(actor.workspace):
            return None
        return await self._accounts.profile(actor.workspace, actor.id)

    async def look_up(self, email: str) -> Found | None:
        """The account with this address, in the first tenant whose teams have it."""
        return await self._accounts.look_up(email)

    async def check(self) -> list[Finding]:
        """The app's login, Teams' keys, what listens and where the app is."""
        try:
            listens = self._talk is not None
            about = findings(self.config, self._wire, self._keys, self._places, listens=listens)
            return [finding async for finding in about]
        finally:
            if self._talk is None:
                await self.close()

    def _serves(self, tenant: str) -> bool:
        return not self.config.tenants or tenant in self.config.tenants
