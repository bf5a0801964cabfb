// People and places at the side, the drawers on small screens.

import { refreshNotes } from "./clock.js";
import { $, $$, dm, dressAvatar, make, me, recall, remember, state } from "./state.js";
import { say } from "./words.js";

const MANY = 12;
const isNarrow = () => matchMedia("(max-width: 60rem)").matches;

export const link = (email, at) => `?${new URLSearchParams({ me: email, at })}`;

export function drawSide() {
  const held = document.activeElement?.closest?.(".side a")?.getAttribute("href");
  dressAvatar($(".me .avatar"), state.me);
  $(".my-name").textContent = me().name;
  $("#mine").replaceChildren(
    entry("home", say("Home"), "home"),
    entry(dm(state.me), "okr", "talk"));
  $("#channels").replaceChildren(...state.world.places.map((each) => entry(each.address, each.name, "hash")));
  $(".search").hidden = state.world.people.length <= MANY;
  drawPeople();
  if (held) $(`.side a[href="${CSS.escape(held)}"]`)?.focus();
}

export function drawPeople() {
  const wanted = $("#search").value.trim().toLowerCase();
  const teams = Map.groupBy
    ? Map.groupBy(found(wanted), (face) => face.team)
    : found(wanted).reduce((all, face) => all.set(face.team, [...(all.get(face.team) ?? []), face]), new Map());
  $("#people").replaceChildren(...[...teams].map(([team, faces]) => make("section", {},
    make("h3", {}, team || say("Everybody")),
    make("ul", { class: "places" }, ...faces.map(face)))));
  if (!teams.size) $("#people").append(make("p", { class: "quiet none" }, say("Nobody of this name.")));
}

const found = (wanted) => state.world.people.filter((each) => `${each.name} ${each.team}`.toLowerCase().includes(wanted));

function entry(address, name, sign) {
  const here = state.at === address;
  return make("li", {}, make("a", { href: link(state.me, address), "aria-current": here && "page", "data-at": address },
    icon(sign), make("span", { class: "name" }, name), here ? "" : dot(address)));
}

function face({ email, name, away }) {
  const avatar = make("span", { "aria-hidden": "true" });
  dressAvatar(avatar, email);
  const mine = email === state.me;
  return make("li", {}, make("a", { href: link(email, dm(email)), "aria-current": mine && "true", "data-me": email },
    avatar, make("span", { class: "name" }, name),
    away ? make("span", { class: "tag" }, say("away")) : "", mine ? "" : dot(dm(email))));
}

function dot(address) {
  const isNew = (state.world.latest[address] ?? 0) > (state.seen[address] ?? 0);
  return isNew ? make("span", { class: "dot" }, make("span", { class: "hidden" }, say("new messages"))) : "";
}

const SIGNS = {
  home: "M3 9l7-6 7 6v8h-5v-5H8v5H3z",
  talk: "M3 4h14v10H8l-4 3v-3H3z",
  hash: "M8 3L6 17M14 3l-2 14M3 7.5h14M3 12.5h14",
};

function icon(sign) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SIGNS[sign]);
  svg.append(path);
  return svg;
}

export function see(address) {
  const latest = state.world.latest[address] ?? 0;
  if ((state.seen[address] ?? 0) >= latest) return;
  state.seen[address] = latest;
  remember("seen", { board: state.world.board, ...state.seen });
}

// Drawers: at the side on wide screens, over the page on small ones.
export function toggle(name, isOpen) {
  const drawer = document.getElementById(name);
  if (name === "side") document.body.classList.toggle("side-open", isOpen);
  else { drawer.hidden = !isOpen; if (isOpen) refreshNotes(); }
  $(`[data-drawer=${name}]`).setAttribute("aria-expanded", String(isOpen));
  $(".veil").hidden = !(isNarrow() && isOpen);
}

export function closeDrawers() {
  if (!isNarrow()) return;
  for (const name of ["side", "sent"]) toggle(name, false);
}

export function openAtStart() {
  toggle("sent", state.world.clock && matchMedia("(min-width: 75rem)").matches && recall("sent", true));
}

const isOpen = (name) => name === "side" ? document.body.classList.contains("side-open") : !document.getElementById(name).hidden;

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-drawer]"), closer = event.target.closest("[data-close]");
  if (opener) {
    const name = opener.dataset.drawer, next = !isOpen(name);
    toggle(name, next);
    if (name === "sent") remember("sent", next);
    if (next) $("a, button, input", document.getElementById(name))?.focus();
  }
  if (closer) { toggle(closer.dataset.close, false); remember("sent", false); $("[data-drawer=sent]").focus(); }
  if (event.target.matches(".veil")) closeDrawers();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !isNarrow() || $$("dialog[open]").length) return;
  const open = ["side", "sent"].find(isOpen);
  closeDrawers();
  if (open) $(`[data-drawer=${open}]`).focus();
});
$("#search").addEventListener("input", drawPeople);
