// What every part of the page knows: the world, who I am, where I look.

export const state = { world: null, me: "", at: "", change: 0, seen: {} };

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

export const dm = (email) => `dm:${email}`;
export const person = (email) => state.world?.people.find((each) => each.email === email);
export const me = () => person(state.me);
export const place = (address) => state.world.places.find((each) => each.address === address);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export function remember(key, value) {
  try { localStorage.setItem(`okr.${key}`, JSON.stringify(value)); } catch { /* private window */ }
}

export function recall(key, otherwise) {
  try { return JSON.parse(localStorage.getItem(`okr.${key}`)) ?? otherwise; } catch { return otherwise; }
}

export function announce(words) {
  $("#status").textContent = words;
}

let toasting = 0;
export function toast(words, html = "") {
  const box = $(".toast");
  clearTimeout(toasting);
  box.replaceChildren();
  if (html) box.innerHTML = html; else box.textContent = words;
  toasting = setTimeout(() => box.replaceChildren(), 9000);
}

// Times are shown in the zone of the person one is.
export function when(iso, options) {
  const date = new Date(iso);
  const language = me()?.locale?.replace("_", "-") || "en-GB";
  try {
    return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { timeZone: me()?.zone || "UTC", ...options }).format(date);
  } catch {
    return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(date);
  }
}
export const clockTime = (iso) => when(iso, { hour: "2-digit", minute: "2-digit" });
export const dayName = (iso) => when(iso, { weekday: "long", day: "numeric", month: "long" });
export const shortDay = (iso) => when(iso, { weekday: "short", day: "numeric", month: "short" });

export function initials(name) {
  const parts = name.trim().split(/\s+/);
  return ((parts[0]?.[0] ?? "") + (parts.length > 1 ? parts.at(-1)[0] : "")).toUpperCase();
}

export function dressAvatar(element, email) {
  const face = person(email);
  element.className = "avatar";
  if (!email) { element.textContent = "okr"; element.classList.add("bot"); return; }
  let sum = 0;
  for (const letter of email) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  element.textContent = initials(face?.name ?? email);
  element.classList.add(`a${sum % 6}`);
}
