"""What stands in a place already: letters are found again by the mark they carry unseen."""

from typing import Any

from msgspec import Struct

from adapters.slack.workspace import Workspace

EVENT = "okr_letter"
PAGES, A_PAGE = 3, 200
THREADS = 10


class Mark(Struct, frozen=True, omit_defaults=True):
    """What a message of ours carries unseen: its letter's key, and which part of it this is."""

    key: str
    part: int = 0
    parts: int = 0
    first: str = ""

    def metadata(self) -> dict[str, Any]:
        """As Slack keeps it."""
        payload = {"key": self.key, "part": self.part, "parts": self.parts, "first": self.first}
        return {"event_type": EVENT, "event_payload": payload}

    @classmethod
    def of(cls, message: dict[str, Any]) -> "Mark | None":
        """What a message carries, if it is one of ours."""
        metadata = message.get("metadata") or {}
        said = metadata.get("event_payload") or {}
        if metadata.get("event_type") != EVENT or not isinstance(said.get("key"), str):
            return None
        part, parts = (int(said.get(name) or 0) for name in ("part", "parts"))
        return cls(said["key"], part, parts, str(said.get("first") or ""))


class History:
    """Looks back in one workspace. Raises Trouble where Slack does not say."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def seek(self, channel: str, key: str) -> tuple[str, dict[str, Any], Mark] | None:
        """The thread that a message stands in, the message, and its mark."""
        cursor, threads = "", []
        for _ in range(PAGES):
            page = await self._page(channel, cursor)
            for message in page["messages"]:
                if (mark := _first(message, key)) is not None:
                    return message["ts"], message, mark
                threads += [message["ts"]] if message.get("reply_count") else []
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        for root in threads[:THREADS]:
            for message in await self._replies(channel, root):
                if (mark := _first(message, key)) is not None:
                    return root, message, mark
        return None

    async def parts(self, channel: str, root: str, first: str) -> dict[int, str]:
        """The further parts of a message that are there, by number."""
        marks = ((Mark.of(each), each["ts"]) for each in await self._replies(channel, root))
        return {mark.part: ts for mark, ts in marks if mark and mark.part and mark.first == first}

    async def _page(self, channel: str, cursor: str) -> dict[str, Any]:
        return await self._workspace.post(
            "conversations.history",
            lambda client: client.conversations_history(
                channel=channel, limit=A_PAGE, cursor=cursor or None, include_all_metadata=True
            ),
        )

    async def _replies(self, channel: str, root: str) -> list[dict[str, Any]]:
        answer = await self._workspace.post(
            "conversations.replies",
            lambda client: client.conversations_replies(
                channel=channel, ts=root, limit=A_PAGE, include_all_metadata=True
            ),
        )
        return list(answer["messages"])


def _first(message: dict[str, Any], key: str) -> Mark | None:
    """The mark of a letter's first part, if this is it."""
    mark = Mark.of(message)
    return mark if mark is not None and mark.key == key and not mark.part else None
