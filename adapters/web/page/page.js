// The page: who I am and where I look stand in its address, so that several tabs can be several people.

import { refreshNotes, showClock } from "./clock.js";
import { whenDone } from "./forms.js";
import { closeDrawers, drawSide, link, openAtStart, see } from "./side.js";
import { $, dm, person, place, recall, remember, state, toast } from "./state.js";
import { openPlace, receive, whenTold } from "./talk.js";
import { get } from "./tell.js";
import { dressPage, say } from "./words.js";

let source = null;

async function start() {
  await look();
  if (!state.world.people.length) {
    dressPage();
    $("#place-title").textContent = say("Nobody is here yet");
    $("#place-about").textContent = say("Import your people first: okr import people.csv");
    $(".composer").hidden = true;
    return;
  }
  await show();
  openAtStart();
}

async function look() {
  const board = state.world?.board;
  state.world = await get("/api/world");
  const { board: of, ...seen } = recall("seen", {});
  state.seen = of === state.world.board ? seen : {};
  return board && board !== state.world.board;
}

// Reads the address and shows what it names.
async function show() {
  const query = new URLSearchParams(location.search);
  const people = state.world.people;
  const wanted = [query.get("me"), recall("me", "")].find((email) => email && person(email));
  const before = state.me;
  state.me = wanted ?? people[0].email;
  const at = query.get("at");
  state.at = at === "home" || place(at) ? at : dm(state.me);
  remember("me", state.me);
  if (before !== state.me) hang();
  showClock();
  dressPage();
  see(state.at);
  drawSide();
  document.title = `${place(state.at)?.name ?? (state.at === "home" ? say("Home") : "okr")} · ${person(state.me).name} · ${state.world.organisation}`;
  try { await openPlace(); } catch (error) { toast(error.message); }
  if (!source) listen();
}

export function visit(href) {
  history.pushState(null, "", href);
  closeDrawers();
  return show();
}

// A hidden tab lets go of its stream: browsers allow six for one host.
function hang() {
  source?.close();
  source = null;
  state.change = 0;
}

function listen() {
  source?.close();
  const query = new URLSearchParams({ me: state.me });
  if (state.change) query.set("since", state.change);
  source = new EventSource(`/api/live?${query}`);
  source.addEventListener("message", (event) => heard(event, (message) => {
    receive(message);
    if (!message.author && !message.under) stir(message.place, message.seat);
  }));
  source.addEventListener("stir", (event) => heard(event, ({ place: where, seat, bot }) => { if (bot) stir(where, seat); }));
  source.addEventListener("clock", (event) => showClock(JSON.parse(event.data).now));
  source.addEventListener("error", () => setTimeout(again, 2000));
}

function heard(event, work) {
  state.change = Number(event.lastEventId);
  work(JSON.parse(event.data));
  refreshNotes();
}

// After a lost connection: where the page keeps other messages now, everything is fetched again.
async function again() {
  if (source?.readyState === EventSource.OPEN || document.hidden) return;
  try {
    if (await look()) { state.change = 0; await show(); }
    if (source?.readyState === EventSource.CLOSED) listen();
  } catch { setTimeout(again, 2000); }
}

function stir(where, seat) {
  state.world.latest[where] = Math.max(state.world.latest[where] ?? 0, seat);
  if (where === state.at) see(where);
  drawSide();
}

function told(answer) {
  if (answer.reply === "say" && answer.at !== state.at) visit(link(state.me, answer.at));
  else if (state.at === "home") openPlace();
  refreshNotes();
}

whenTold(told);
whenDone(told);

document.addEventListener("click", (event) => {
  const skip = event.target.closest("[data-skip]");
  if (skip) { event.preventDefault(); (state.at === "home" ? $("#place-title") : $("#line")).focus(); }
  const target = event.target.closest(".side a");
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const isDrawer = document.body.classList.contains("side-open");
  const key = target.dataset.at ? `[data-at="${CSS.escape(target.dataset.at)}"]` : `[data-me="${CSS.escape(target.dataset.me)}"]`;
  visit(target.getAttribute("href")).then(() => (isDrawer ? $("#place-title") : $(`.side ${key}`))?.focus());
});
addEventListener("popstate", show);
document.addEventListener("visibilitychange", async () => {
  if (document.hidden) { source?.close(); source = null; return; }
  if (!state.me || source) return;
  try {
    if (await look()) state.change = 0;
    if (state.change) { drawSide(); showClock(); } else await show();
  } catch { /* the stream tries again */ }
  if (!source) listen();
});

start().catch((error) => toast(error.message));
