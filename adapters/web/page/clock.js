// The demo's clock bar, and what was sent.

import { get, post } from "./tell.js";
import { $, $$, clockTime, make, me, shortDay, state, toast, when } from "./state.js";
import { say } from "./words.js";

const bar = $(".clock"), sent = $("#sent");

export function showClock(now = state.world.now) {
  state.world.now = now;
  bar.hidden = !state.world.clock;
  document.body.classList.toggle("has-clock", state.world.clock);
  $(".date", bar).textContent = when(now, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  $(".time", bar).textContent = clockTime(now);
  $(".now", bar).title = say("The time in {}", me()?.zone ?? "UTC");
}

let asked = 0;
export function refreshNotes() {
  if (sent.hidden) return;
  clearTimeout(asked);
  asked = setTimeout(showNotes, 200);
}

async function showNotes() {
  const { notes } = await get("/api/notes", { me: state.me }).catch(() => ({ notes: [] }));
  $(".notes", sent).replaceChildren(...notes.map(note));
  if (!notes.length) $(".notes", sent).append(make("li", { class: "quiet" }, say("Nothing was sent yet.")));
}

function note({ at, to, what, why, state: how = "" }) {
  return make("li", {},
    make("p", { class: "line" }, make("time", { datetime: at }, `${shortDay(at)}, ${clockTime(at)}`), how ? make("span", { class: `state ${how}` }, say(how)) : ""),
    make("p", {}, make("strong", {}, to), make("span", { class: "what" }, what)),
    make("p", { class: "quiet" }, how === "sent" ? make("q", {}, why) : why));
}

async function jump(button) {
  const buttons = $$("[data-jump]", bar), said = $(".said", bar);
  buttons.forEach((each) => { each.disabled = true; });
  bar.classList.add("moving");
  button.setAttribute("aria-busy", "true");
  said.textContent = say("Time is passing…");
  const answer = await post("/api/jump", { to: button.dataset.jump, me: state.me });
  buttons.forEach((each) => { each.disabled = false; });
  bar.classList.remove("moving");
  button.removeAttribute("aria-busy");
  button.focus();
  said.textContent = answer.failed ?? answer.said;
  if (answer.failed) toast(answer.failed); else showClock(answer.now);
  refreshNotes();
}

bar.addEventListener("click", (event) => {
  const button = event.target.closest("[data-jump]");
  if (button && !button.disabled) jump(button);
});
