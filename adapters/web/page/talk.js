// The conversation: messages in their order, threads, edits, and the line to write on.

import { ask, openForm } from "./forms.js";
import { get, isAnswering, tell } from "./tell.js";
import { $, $$, announce, clockTime, dayName, dm, dressAvatar, make, me, person, place, state, toast } from "./state.js";
import { say } from "./words.js";

const log = $(".log"), list = $(".messages"), home = $(".home"), line = $("#line");
let onTold = () => {};
const drafts = {};

export function whenTold(work) { onTold = work; }

export async function openPlace() {
  const isHome = state.at === "home";
  title(isHome);
  log.hidden = isHome;
  home.hidden = !isHome;
  $(".composer").hidden = isHome;
  line.value = drafts[`${state.me} ${state.at}`] ?? "";
  line.disabled = false; // before, nobody knows whose words and where
  grow();
  if (isHome) await openHome(); else await openLog();
}

function title(isHome) {
  const channel = place(state.at);
  $("#place-title").textContent = isHome ? say("Home") : channel ? `# ${channel.name}` : "okr";
  $("#place-about").textContent = isHome ? say("What you must do, what is yours, what comes next")
    : channel ? say("Everybody reads this channel") : say("Between {} and the bot", me().name);
  $("#line-hint").textContent = say(channel ? "Begin with /okr to speak to the bot." : "Type help to see what okr can do.");
  line.placeholder = say("Write to {}", channel ? `# ${channel.name}` : "okr");
}

async function openHome() {
  const mine = state.me;
  const answer = await tell({ type: "opened", me: mine });
  if (mine !== state.me || state.at !== "home") return;
  if (answer.failed) home.replaceChildren(make("p", { class: "empty quiet" }, answer.failed));
  else if (answer.reply === "open" || answer.reply === "fix") openForm(answer.html, dm(mine));
  else if (answer.html) { home.innerHTML = answer.html; dress(home); }
  else home.replaceChildren(make("p", { class: "empty quiet" }, say("Nothing here yet.")));
}

async function openLog() {
  const [mine, here] = [state.me, state.at];
  const answer = await get("/api/messages", { me: mine, at: here });
  if (mine !== state.me || here !== state.at) return;
  log.setAttribute("aria-live", "off");
  list.replaceChildren();
  answer.messages.forEach(put);
  days();
  state.change ||= answer.change;
  $(".earlier").hidden = !answer.more;
  empty();
  toEnd();
  setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
}

// To the end, but never past the head of the last message.
function toEnd() {
  log.scrollTop = log.scrollHeight;
  const last = list.lastElementChild;
  if (last && last.offsetHeight > log.clientHeight) log.scrollTop = last.offsetTop - log.offsetTop - 12;
}

function empty() {
  const box = $(".empty", log);
  box.hidden = list.childElementCount > 0;
  box.textContent = say(place(state.at) ? "Nothing was written here yet." : "Nothing yet. Say hello, or type help.");
}

async function earlier() {
  const first = $(".message", list)?.dataset.seat;
  const height = log.scrollHeight;
  const answer = await get("/api/messages", { me: state.me, at: state.at, before: first });
  answer.messages.forEach(put);
  days();
  $(".earlier").hidden = !answer.more;
  log.scrollTop += log.scrollHeight - height;
}

// A message that is new or was edited.
export function receive(message) {
  if (message.place !== state.at) return;
  const isNear = isAnswering() || log.scrollHeight - log.scrollTop - log.clientHeight < 160;
  const isEdit = Boolean(document.getElementById(`m${message.id}`));
  const element = put(message);
  if (!element) return;
  days();
  empty();
  if (isEdit) {
    element.classList.remove("changed");
    requestAnimationFrame(() => element.classList.add("changed"));
    announce(say("A message was edited."));
  } else if (isNear) {
    requestAnimationFrame(toEnd);
  }
}

function put(message) {
  const id = `m${message.id}`;
  let element = document.getElementById(id);
  if (!element) {
    const home = message.under ? thread(message.under) : list;
    if (!home) return null;
    element = $("#message").content.firstElementChild.cloneNode(true);
    element.id = id;
    element.dataset.seat = message.seat;
    seat(home, element);
  }
  fill(element, message);
  if (message.under) count(document.getElementById(`m${message.under}`));
  return element;
}

function seat(where, element) {
  const later = [...where.children].findLast((each) => each.dataset.seat && Number(each.dataset.seat) < Number(element.dataset.seat));
  if (later) later.after(element); else where.prepend(element);
}

function thread(id) {
  return $(":scope > article > .thread > ol", document.getElementById(`m${id}`) ?? make("i"));
}

function count(parent) {
  const details = $(":scope > article > .thread", parent);
  const replies = $(":scope > ol", details).childElementCount;
  details.hidden = replies === 0;
  $("summary", details).textContent = replies === 1 ? say("1 reply") : say("{} replies", replies);
}

function fill(element, message) {
  const article = $("article", element), body = $(".body", article);
  const hadFocus = body.contains(document.activeElement);
  element.dataset.posted = message.posted;
  element.classList.toggle("own", message.author === state.me);
  element.classList.toggle("from-bot", !message.author);
  dressAvatar($(".avatar", article), message.author);
  $(".author", article).textContent = message.author ? person(message.author)?.name ?? message.author : "okr";
  const time = $("time", article);
  time.dateTime = message.posted;
  time.textContent = clockTime(message.posted);
  time.title = dayName(message.posted);
  $(".edited", article).textContent = message.edited ? say("edited {}", edit(message)) : "";
  $(".only-you", article).hidden = !message.private;
  $(".only-you", article).textContent = say("Only you can see this");
  body.innerHTML = message.html;
  dress(body);
  if (hadFocus) article.focus();
}

const edit = ({ posted, edited }) =>
  dayName(posted) === dayName(edited) ? clockTime(edited) : `${dayName(edited)}, ${clockTime(edited)}`;

function dress(root) {
  for (const file of $$("[data-file]", root)) {
    file.href = `/api/files/${encodeURIComponent(file.dataset.file)}?${new URLSearchParams({ me: state.me })}`;
  }
  for (const mention of $$(".mention", root)) {
    mention.classList.toggle("of-me", mention.dataset.who.split(" ").includes(state.me));
  }
}

function days() {
  $$(".day", list).forEach((line) => line.remove());
  let last = "";
  for (const message of $$(":scope > .message", list)) {
    const day = dayName(message.dataset.posted);
    if (day !== last) message.before(make("li", { class: "day" }, make("span", {}, day)));
    last = day;
  }
}

// A press of a card's button.
async function press(button) {
  if (button.disabled || button.closest("fieldset[disabled]")) return;
  if (button.dataset.confirm && !await ask(button.dataset.confirm, button.textContent, say("Cancel"))) return;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  const isHome = home.contains(button);
  const at = isHome ? dm(state.me) : state.at;
  const message = button.closest(".message")?.id.slice(1) ?? "";
  const answer = await tell({ type: "clicked", me: state.me, at, action: button.dataset.action, message });
  button.disabled = false;
  button.removeAttribute("aria-busy");
  if (button.isConnected && document.activeElement === document.body) button.focus();
  show(answer, at);
}

function show(answer, at) {
  if (answer.failed) toast(answer.failed, answer.html);
  else if (answer.reply === "open" || answer.reply === "fix") openForm(answer.html, at);
  else onTold(answer);
}

async function send() {
  const text = line.value, button = $(".composer button");
  if (!text.trim() || button.disabled) return;
  const [mine, here] = [state.me, state.at];
  button.disabled = true;
  line.readOnly = true;
  const answer = await tell({ type: "typed", me: mine, at: here, text });
  button.disabled = false;
  line.readOnly = false;
  if (!answer.failed) {
    delete drafts[`${mine} ${here}`];
    if (mine === state.me && here === state.at) { line.value = ""; grow(); }
    toEnd();
  }
  show(answer, here);
}

function grow() {
  line.rows = Math.min(6, line.value.split("\n").length);
  drafts[`${state.me} ${state.at}`] = line.value;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-action]");
  if (button) press(button);
});
$(".earlier").addEventListener("click", earlier);
$(".composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
line.addEventListener("input", grow);
line.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
});
