"""The app package: a zip file that an admin uploads to Teams."""

import json
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from adapters.teams import icons
from adapters.teams.manifest import App, german, manifest


def package(app: App, *, preview: bool = False) -> bytes:
    """The zip, always the same for the same app. Raises ValueError, in words for an admin."""
    files = {
        "manifest.json": _json(manifest(app, preview=preview)),
        "de.json": _json(german(app)),
        "color.png": icons.colour(),
        "outline.png": icons.outline(),
    }
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return packed.getvalue()


def _json(value: object) -> bytes:
    return f"{json.dumps(value, ensure_ascii=False, indent=2)}\n".encode()
