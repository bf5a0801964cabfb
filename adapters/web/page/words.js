// The page's own few words, in the language of the person one is. What is not here stays in English.

import { $, $$, me } from "./state.js";

const GERMAN = {
  "{} answers need another look.": "{} Antworten brauchen noch einen Blick.",
  "{} replies": "{} Antworten",
  "1 reply": "1 Antwort",
  "A message was edited.": "Eine Nachricht wurde geändert.",
  "away": "abwesend",
  "Be somebody else": "Jemand anders sein",
  "Begin with /okr to speak to the bot.": "Beginne mit /okr, um mit dem Bot zu sprechen.",
  "Between {} and the bot": "Zwischen {} und dem Bot",
  "Cancel": "Abbrechen",
  "Channels": "Kanäle",
  "Close": "Schließen",
  "dead": "nicht zugestellt",
  "Close without sending? What you entered will be lost.": "Schließen, ohne zu senden? Was du eingegeben hast, geht verloren.",
  "Earlier messages": "Frühere Nachrichten",
  "edited {}": "geändert {}",
  "Everybody": "Alle",
  "Everybody reads this channel": "Alle lesen diesen Kanal",
  "expired": "zu spät",
  "Everything okr wrote unasked: to whom, and why.": "Was okr ungefragt schrieb: an wen und warum.",
  "Find a person": "Person suchen",
  "Gallery": "Galerie",
  "Home": "Start",
  "Import your people first: okr import people.csv": "Importiere zuerst eure Leute: okr import people.csv",
  "Keep writing": "Weiterschreiben",
  "Light or dark": "Hell oder dunkel",
  "Messages": "Nachrichten",
  "Mine": "Meins",
  "new messages": "neue Nachrichten",
  "Next day": "Nächster Tag",
  "Next message": "Nächste Nachricht",
  "Next week": "Nächste Woche",
  "Nobody here has this e-mail address. Choose who you are once more.": "Diese E-Mail-Adresse hat hier niemand. Wähle noch einmal, wer du bist.",
  "Nobody is here yet": "Hier ist noch niemand",
  "Nobody of this name.": "Niemand heißt so.",
  "Not saved yet. Please press again.": "Noch nicht gespeichert. Bitte drück noch einmal.",
  "Nothing here yet.": "Hier ist noch nichts.",
  "Nothing was sent yet.": "Noch wurde nichts gesendet.",
  "Nothing was written here yet.": "Hier hat noch niemand geschrieben.",
  "Nothing yet. Say hello, or type help.": "Noch nichts. Sag hallo oder tippe help.",
  "okr cannot be reached just now. Nothing is lost: please try again.": "okr ist gerade nicht zu erreichen. Nichts ist verloren: Bitte versuch es noch einmal.",
  "Only you can see this": "Das siehst nur du",
  "People and places": "Personen und Orte",
  "Send": "Senden",
  "sent": "gesendet",
  "Skip to the conversation": "Zum Gespräch",
  "Something went wrong here. The log of okr says more.": "Hier ging etwas schief. Im Log von okr steht mehr.",
  "Something went wrong. Please try again.": "Etwas ging schief. Bitte versuch es noch einmal.",
  "Step {} of {}": "Schritt {} von {}",
  "The clock here is the real one.": "Hier geht die echte Uhr.",
  "The clock is moving already. A moment, please.": "Die Uhr läuft schon weiter. Einen Moment bitte.",
  "The demo’s clock": "Die Uhr der Demo",
  "The time in {}": "Die Uhrzeit in {}",
  "There is no such file for you.": "Diese Datei gibt es für dich nicht.",
  "There is no such place for you.": "Diesen Ort gibt es für dich nicht.",
  "This is too long: a page may send one megabyte at most.": "Das ist zu lang: Eine Seite darf höchstens ein Megabyte senden.",
  "Time is passing…": "Die Zeit vergeht…",
  "unknown": "vielleicht angekommen",
  "Type help to see what okr can do.": "Tippe help, um zu sehen, was okr kann.",
  "What was sent": "Gesendetes",
  "What you must do, what is yours, what comes next": "Was zu tun ist, was deins ist, was als Nächstes kommt",
  "Who I am": "Wer ich bin",
  "Write to {}": "Schreib an {}",
  "You are": "Du bist",
  "Your message": "Deine Nachricht",
};

// What the core calls differently: said in English too.
const ENGLISH = { dead: "not delivered", expired: "too late", unknown: "may have arrived" };

const isGerman = () => /^de\b/i.test((me()?.locale ?? navigator.language).replace("_", "-"));

// These words in my language, each {} filled in turn.
export function say(words, ...values) {
  let place = 0;
  return ((isGerman() && GERMAN[words]) || ENGLISH[words] || words).replaceAll("{}", () => values[place++]);
}

// The words that stand in the page from the start: a label, a placeholder, or all that an element says.
export function dressPage() {
  document.documentElement.lang = isGerman() ? "de" : "en";
  for (const element of $$("[data-say]")) {
    const label = element.getAttribute("aria-label");
    element.dataset.say ||= label || element.placeholder || element.textContent.trim();
    const words = say(element.dataset.say);
    if (label) element.setAttribute("aria-label", words);
    else if (element.placeholder) element.placeholder = words;
    else element.textContent = words;
  }
  $("[data-gallery]").href = `/gallery?${new URLSearchParams({ me: me()?.email ?? "" })}`;
}
