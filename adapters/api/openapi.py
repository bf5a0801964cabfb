"""What the API takes and answers, as OpenAPI 3.1: the bodies out of the very types they are
read by."""

from typing import Any

import msgspec

from adapters.api.events import TABLES, Reading, Value

REF = "#/components/schemas/{name}"
SAID = {
    "400": "This is not JSON.",
    "401": "No token, or one that is not known or was revoked.",
    "403": "The token has no scope for this.",
    "404": "There is nothing of this name.",
    "405": "Not by this method.",
    "409": "Nothing can be stored there now: the week is closed, the day has not come, and so on.",
    "413": "The body is too large.",
    "415": "The body does not say that it is JSON.",
    "422": "A field is wrong, or the Idempotency-Key was used for something else.",
    "503": "The database does not answer and nothing was stored: send it again.",
}


def description() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "okr",
            "version": "1",
            "description": "Figures from a company's own systems, and all that is kept as files.",
        },
        "security": [{"token": []}],
        "paths": {
            "/api/kpis/{kpi}/readings": {
                "post": _post(
                    "giveReading",
                    "Give a KPI's reading of one day; it replaces the day's one before.",
                    ("kpi", "The KPI's number or short name."),
                    "Reading",
                    "StoredReading",
                )
            },
            "/api/key-results/{key_result}/value": {
                "post": _post(
                    "giveValue",
                    "Say what a key result has come to; it replaces the week's value before.",
                    ("key_result", "Its number, or what your import files call it."),
                    "Value",
                    "StoredValue",
                )
            },
            "/api/export.json": {"get": _get("exportAll", "All that is kept.", "application/json")},
            "/api/export.csv": {
                "get": _get("exportTable", "One table for a spreadsheet.", "text/csv")
                | {
                    "parameters": [
                        {
                            "name": "table",
                            "in": "query",
                            "required": True,
                            "schema": {"type": "string", "enum": list(TABLES)},
                        }
                    ]
                }
            },
            "/api/openapi.json": {"get": _open()},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _post(name: str, words: str, at: tuple[str, str], sent: str, stored: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": words,
        "parameters": [
            {
                "name": at[0],
                "in": "path",
                "required": True,
                "description": at[1],
                "schema": {"type": "string", "minLength": 1},
            },
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "The same key and body get the same answer, for three days.",
                "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
            },
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _ref(sent)}},
        },
        "responses": {"200": _answer("It is stored.", _ref(stored))} | _refusals(*SAID),
    }


def _get(name: str, words: str, kind: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object" if kind == "application/json" else "string"}
    refusals = _refusals("401", "403", "405", "422", "503")
    answers = {"200": {"description": words, "content": {kind: {"schema": schema}}}}
    return {"operationId": name, "summary": words, "responses": answers | refusals}


def _open() -> dict[str, Any]:
    words = "This description."
    answers = {"200": _answer(words, {"type": "object"})} | _refusals("405")
    return {"operationId": "describe", "summary": words, "security": [], "responses": answers}


def _refusals(*numbers: str) -> dict[str, Any]:
    return {number: _answer(SAID[number], _ref("Error")) for number in numbers}


def _answer(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": REF.format(name=name)}


def _schemas() -> dict[str, Any]:
    _, own = msgspec.json.schema_components([Reading, Value], ref_template=REF)
    own["Reading"]["not"] = {"required": ["day", "at"]}
    number: dict[str, Any] = {"type": "number"}
    text: dict[str, Any] = {"type": "string"}
    day: dict[str, Any] = {"type": "string", "format": "date"}
    common: dict[str, dict[str, Any]] = {"name": text, "value": number, "day": day}
    week: dict[str, dict[str, Any]] = {
        "week": {"type": "integer"},
        "confidence": {"type": ["integer", "null"]},
    }
    return {
        **own,
        "StoredReading": _object({"kpi": {"type": "integer"}, **common}),
        "StoredValue": _object({"key_result": {"type": "integer"}, **common, **week}),
        "Error": _object({"error": text, "message": text}, {"field": text}),
    }


def _object(
    required: dict[str, dict[str, Any]], others: dict[str, dict[str, Any]] | None = None
) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **(others or {})},
        "required": list(required),
        "additionalProperties": False,
    }
