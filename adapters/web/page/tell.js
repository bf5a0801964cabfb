// Telling the bot. The same action, tried again after a failure, keeps its number, so that it counts once.

import { say } from "./words.js";

const numbers = new Map();
const ANSWERED_WITHIN = 3000;
let told = -Infinity;

// Whether what arrives now is likely the answer to what I just did: the conversation follows it.
export const isAnswering = () => performance.now() - told < ANSWERED_WITHIN;

const fresh = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(16)).join("-");

// Answers {reply: "say" | "open" | "fix" | "quiet", …}, or {failed: words, html} and keeps the number.
export async function tell(what) {
  const action = JSON.stringify(what);
  const id = numbers.get(action) ?? fresh();
  numbers.set(action, id);
  if (what.type !== "opened") told = performance.now();
  const answer = await post("/api/event", { ...what, id });
  if (what.type !== "opened") told = performance.now();
  if (!answer.again) numbers.delete(action);
  return answer;
}

export async function post(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    return { failed: say("okr cannot be reached just now. Nothing is lost: please try again."), again: true };
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  if (answer.reply === "unsaved") return { failed: say("Not saved yet. Please press again."), html: answer.html, again: true };
  return { failed: say(answer.error ?? "Something went wrong. Please try again."), again: response.status >= 500 };
}

export async function get(path, query = {}) {
  const response = await fetch(`${path}?${new URLSearchParams(query)}`);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(say(answer.error ?? "Something went wrong. Please try again."));
  return answer;
}
