// The page's own few words, in the language of the person one is. What is not here stays in English.

import { $$, me } from "./state.js";

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
  "Close without sending? What you entered will be lost.": "Schließen, ohne zu senden? Was du eingegeben hast, geht verloren.",
  "Earlier messages": "Frühere Nachrichten",
  "edited {}": "geändert {}",
  "Everybody": "Alle",
  "Everybody reads this channel": "Alle lesen diesen Kanal",
  "Everything okr wrote unasked: to whom, and why.": "Was okr ungefragt schrieb: an wen und warum.",
  "Find a person": "Person suchen",
  "Gallery": "Galerie",
  "Home": "Start",
  "Keep writing": "Weiterschreiben",
  "Mine": "Meins",
  "new messages": "neue Nachrichten",
  "Next day": "Nächster Tag",
  "Next message": "Nächste Nachricht",
  "Next week": "Nächste Woche",
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
  "Something went wrong. Please try again.": "Etwas ging schief. Bitte versuch es noch einmal.",
  "Step {} of {}": "Schritt {} von {}",
  "Time is passing…": "Die Zeit vergeht…",
  "Type help to see what okr can do.": "Tippe help, um zu sehen, was okr kann.",
  "What was sent": "Gesendetes",
  "What you must do, what is yours, what comes next": "Was zu tun ist, was deins ist, was als Nächstes kommt",
  "Write to {}": "Schreib an {}",
  "You are": "Du bist",
  "Your message": "Deine Nachricht",
};

const isGerman = () => /^de\b/i.test((me()?.locale ?? "").replace("_", "-"));

// These words in my language, each {} filled in turn.
export function say(words, ...values) {
  let place = 0;
  return ((isGerman() && GERMAN[words]) || words).replaceAll("{}", () => values[place++]);
}

// The words that stand in the page from the start.
export function dressPage() {
  document.documentElement.lang = isGerman() ? "de" : "en";
  for (const element of $$("[data-say]")) {
    element.dataset.say ||= element.placeholder || element.textContent.trim();
    const words = say(element.dataset.say);
    if (element.placeholder) element.placeholder = words; else element.textContent = words;
  }
}
