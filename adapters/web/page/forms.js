// A form as a dialog: its pages, its values, its problems.

import { tell } from "./tell.js";
import { $, $$, announce, state } from "./state.js";
import { say } from "./words.js";

const dialog = $("#form");
let at = "", opener = null, before = "", busy = false;
let onDone = () => {};

export function whenDone(work) { onDone = work; }

export function openForm(html, where) {
  at = where;
  if (!dialog.open) opener = document.activeElement;
  fill(html);
  before = JSON.stringify(values());
  if (!dialog.open) dialog.showModal();
  const first = $("input, textarea, select", dialog);
  const start = matchMedia("(pointer: fine)").matches && first ? first : $(".title", dialog);
  start?.focus();
}

export function values() {
  const found = {};
  for (const question of $$("[data-question]", dialog)) {
    const role = question.getAttribute("role");
    if (role === "group") found[question.dataset.question] = $$("input:checked", question).map((box) => box.value);
    else if (role === "radiogroup") found[question.dataset.question] = $("input:checked", question)?.value ?? "";
    else found[question.dataset.question] = $("input, textarea, select", question).value;
  }
  return found;
}

const form = () => $("form", dialog);
const pages = () => $$(".page", dialog);
const inSteps = () => form()?.hasAttribute("data-steps");
const isDirty = () => dialog.open && form() && JSON.stringify(values()) !== before;
let step = 0;

function fill(html) {
  dialog.innerHTML = html;
  dialog.setAttribute("aria-labelledby", "form-title");
  for (const question of $$("[data-question]", dialog)) offerClear(question);
  $$("textarea", dialog).forEach(grow);
  go(0);
}

function go(to) {
  if (!inSteps()) return;
  step = to;
  pages().forEach((page, number) => { page.hidden = number !== step; });
  $$(".steps li", dialog).forEach((item, number) => {
    if (number === step) item.setAttribute("aria-current", "step"); else item.removeAttribute("aria-current");
  });
  const isLast = step === pages().length - 1;
  $("[data-back]", dialog).hidden = step === 0;
  $("[data-next]", dialog).hidden = isLast;
  $("[type=submit]", dialog).hidden = !isLast;
  dialog.scrollTop = 0;
}

function walk(to) {
  go(to);
  announce(say("Step {} of {}", to + 1, pages().length));
  $("input, textarea, select", pages()[to])?.focus();
}

function showProblems(count) {
  const wrong = $("[data-wrong]", dialog);
  if (!wrong) return;
  const page = Number(wrong.closest(".page")?.dataset.page ?? 0);
  go(page);
  $(".verdict", dialog).textContent = count > 1 ? say("{} answers need another look.", count) : "";
  const field = $("[aria-invalid], input:checked, input, textarea, select", wrong);
  field?.focus();
  wrong.scrollIntoView({ block: "center" });
}

async function submit() {
  if (inSteps() && step < pages().length - 1) { walk(step + 1); return; }
  if (busy) return;
  busy = true;
  const verdict = $(".verdict", dialog);
  const pressed = document.activeElement;
  verdict.textContent = "";
  form().inert = true;
  form().setAttribute("aria-busy", "true");
  const answer = await tell({ type: "submitted", me: state.me, at, action: form().dataset.action, values: values() });
  busy = false;
  form().inert = false;
  form().removeAttribute("aria-busy");
  if (answer.failed) {
    if (answer.html) verdict.innerHTML = answer.html; else verdict.textContent = answer.failed;
    pressed?.focus();
  } else if (answer.reply === "fix") {
    fill(answer.html);
    showProblems(answer.count);
  } else if (answer.reply === "open") {
    openForm(answer.html, at);
  } else {
    close();
    onDone(answer);
  }
}

function close() {
  dialog.close();
  dialog.replaceChildren();
  if (opener?.isConnected) opener.focus(); else $("#line").focus();
}

async function leave() {
  if (busy) return;
  if (!isDirty() || await ask(say("Close without sending? What you entered will be lost."), say("Close"), say("Keep writing"))) close();
}

// A question with two answers; true for yes.
export function ask(words, yes, no) {
  const box = $("#ask");
  $("#ask-text").textContent = words;
  $("[data-yes]", box).textContent = yes;
  $("[data-no]", box).textContent = no;
  box.showModal();
  $("[data-no]", box).focus();
  return new Promise((resolve) => {
    const end = (answer) => { box.onclick = null; box.oncancel = null; box.close(); resolve(answer); };
    box.onclick = (event) => {
      if (event.target.closest("[data-yes]")) end(true);
      if (event.target.closest("[data-no]")) end(false);
    };
    box.oncancel = (event) => { event.preventDefault(); end(false); };
  });
}

function offerClear(question) {
  const clear = $("[data-clear]", question);
  if (clear) clear.hidden = !$("input:checked", question);
}

function grow(area) {
  area.rows = Math.min(10, Math.max(3, area.value.split("\n").length));
}

dialog.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
dialog.addEventListener("cancel", (event) => { event.preventDefault(); });
dialog.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { event.preventDefault(); leave(); }
});
dialog.addEventListener("input", (event) => {
  if (event.target.matches("textarea")) grow(event.target);
});
dialog.addEventListener("change", (event) => {
  const question = event.target.closest("[data-question]");
  if (question) offerClear(question);
});
dialog.addEventListener("click", (event) => {
  if (event.target.closest("[data-cancel]")) leave();
  if (event.target.closest("[data-next]")) submit();
  if (event.target.closest("[data-back]")) walk(step - 1);
  const clear = event.target.closest("[data-clear]");
  if (clear) {
    const question = clear.closest("[data-question]");
    for (const radio of $$("input", question)) radio.checked = false;
    clear.hidden = true;
    $("input", question).focus();
  }
});
addEventListener("beforeunload", (event) => { if (isDirty()) event.preventDefault(); });
