// The talk page: a learner says a line, the client answers. Whatever happens, nothing that was written is lost.

import { Store } from "./store.js";
import { Refused, ask, words as wordsOf } from "./stream.js";
import { View } from "./view.js";

const FIRST_PAUSE = 2000; // ms until a reply that did not come is asked for again; doubled up to the last
const LAST_PAUSE = 30000;
const GREETING = { role: "system", content: "Initial greeting" };

const root = document.getElementById("talk");
const page = JSON.parse(root.dataset.page);
const view = new View(page);
const store = new Store(page.id, page.turns);
const line = view.part("line");
const draft = `rplay-draft-${page.id}`;

let asking = null; // the reply that is being made
let pause = FIRST_PAUSE;
let retry;
let over = page.over;

const last = () => store.turns.findLast((turn) => !turn.coach);
const answered = () => last()?.role === "assistant";

function body() {
  const messages = store.turns.map(({ role, content, coach, voice }) => ({ role, content, ...(coach && { coach }), ...(voice && { voice }) }));
  return { messages: messages.length ? messages : [GREETING], clientProfile: {}, simulationSettings: page.settings };
}

/** One window at a time asks for a reply; others show what came of it. */
async function alone(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(`rplay-talk-${page.id}`, { ifAvailable: true }, (lock) => {
    if (lock) return work();
    view.state(page.words.elsewhere);
  });
}

async function reply() {
  clearTimeout(retry);
  if (asking || over) return;
  await alone(async () => {
    store.adopt();
    if (store.turns.length && answered()) return;
    asking = new AbortController();
    view.trouble("");
    view.state(page.words.thinks);
    busy(true);
    try {
      const found = await ask(body(), { text: (piece) => view.write(piece) }, asking.signal);
      view.written(found.message);
      store.add({ role: "assistant", content: found.message, timestamp: new Date().toISOString() });
      view.progress(found.progress);
      pause = FIRST_PAUSE;
      if (found.ended) finish(found.ended);
    } catch (error) {
      failed(error);
    } finally {
      asking = null;
      view.state("");
      view.show(store.turns);
      busy(false);
    }
  });
}

function failed(error) {
  if (error.name === "AbortError") return;
  if (error instanceof Refused && error.status === 401) return expired();
  view.trouble(error instanceof Refused && error.message ? error.message : page.words.failed, page.words.again, reply);
  if (error instanceof Refused && error.status < 500 && error.status !== 429) return;
  retry = setTimeout(reply, pause);
  pause = Math.min(2 * pause, LAST_PAUSE);
}

function expired() {
  view.trouble(page.words.expired, page.words.signIn, () => (location.href = page.signIn));
}

function busy(is) {
  view.part("send").disabled = is || over;
  root.setAttribute("aria-busy", String(is));
}

function say(text) {
  if (!text || asking || over) return;
  store.adopt();
  if (store.turns.length && !answered()) return reply(); // the line before waits for its answer still
  store.add({ role: "user", content: text, timestamp: new Date().toISOString() });
  line.value = "";
  kept("");
  view.show(store.turns);
  reply();
}

function kept(text) {
  try {
    if (text) for (const place of [sessionStorage, localStorage]) place.setItem(draft, text);
    else for (const place of [sessionStorage, localStorage]) place.removeItem(draft);
  } catch {
    // storage is closed to pages: the line lives as long as the page
  }
}

function begun() {
  try {
    return sessionStorage.getItem(draft) ?? localStorage.getItem(draft) ?? "";
  } catch {
    return "";
  }
}

function finish({ by }) {
  over = true;
  view.over(by === "client" ? page.words.ended : page.words.endedByYou);
}

async function advise(event) {
  event.preventDefault();
  const field = view.part("coach-question");
  const question = field.value.trim();
  const button = event.submitter ?? event.target.querySelector("button");
  if (!question || button.disabled) return;
  button.disabled = true;
  const asked = { role: "user", content: question, coach: true };
  try {
    const answer = await fetch("/api/chat/expert-response", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...body(), messages: [...body().messages, asked] }),
    });
    if (answer.status === 401) return expired();
    if (!answer.ok) throw new Refused(answer.status, await wordsOf(answer));
    const { message } = await answer.json();
    store.add(asked);
    store.add({ role: "assistant", content: message, coach: true });
    field.value = "";
    view.trouble("");
    view.coaching(store.turns);
  } catch (error) {
    view.trouble(error instanceof Refused && error.message ? error.message : page.words.failed);
  } finally {
    button.disabled = false;
  }
}

function saving({ detail }) {
  const said = { saving: page.words.saving, saved: page.words.saved, offline: page.words.offline };
  view.saved(said[detail] ?? page.words.kept, !["saving", "saved"].includes(detail));
  if (detail === "expired") expired();
}

function began() {
  const composer = view.part("composer");
  composer.hidden = false;
  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    say(line.value.trim());
  });
  line.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      say(line.value.trim());
    }
  });
  line.addEventListener("input", () => kept(line.value));
  line.value = begun();
  if (store.stray) {
    line.value = store.stray;
    view.trouble(page.words.other);
  }
  line.focus();
}

function noted() {
  const notes = view.part("notes");
  notes.value = store.notes;
  notes.addEventListener("input", () => store.keep({ notes: notes.value }));
  for (const part of ["gauge", "notes-part", "coach"]) {
    const details = view.part(part);
    details.open = read(`rplay-${part}`) === "open";
    details.addEventListener("toggle", () => write(`rplay-${part}`, details.open ? "open" : ""));
  }
}

function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // a choice that is forgotten with the page
  }
}

function ticking() {
  view.elapsed(store.seconds);
  setInterval(() => {
    if (document.hidden || over) return;
    store.keep({ seconds: store.seconds + 1 });
    view.elapsed(store.seconds);
  }, 1000);
}

store.addEventListener("saving", saving);
store.addEventListener("changed", () => {
  if (!asking) view.show(store.turns);
  view.coaching(store.turns);
});
addEventListener("online", () => !answered() && reply());
view.part("coach-form").addEventListener("submit", advise);
view.part("finish").addEventListener("submit", () => (over = true));

view.show(store.turns);
view.coaching(store.turns);
noted();
if (over) view.over(page.words.endedByYou);
else {
  began();
  ticking();
  if (!answered()) reply();
}
