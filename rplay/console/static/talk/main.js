// The talk page: a learner says a line, the client answers. Whatever happens, nothing that was written is lost.

import { advise } from "./coach.js";
import { read, write } from "./memory.js";
import { Voice } from "./voice.js";
import { Store } from "./store.js";
import { Refused, ask } from "./stream.js";
import { View } from "./view.js";

const FIRST_PAUSE = 2000; // ms until a reply that did not come is asked for again; doubled up to the last
const LAST_PAUSE = 30000;
const WARNINGS = [5, 1]; // minutes before a time limit
const GREETING = { role: "system", content: "Initial greeting" };

const root = document.getElementById("talk");
const page = JSON.parse(root.dataset.page);
const view = new View(page);
const store = new Store(page.id, page.turns);
const voice = new Voice(page, view);
const line = view.part("line");
const draft = `rplay-draft-${page.id}`;

let asking = false; // whether a reply is being made
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
    asking = true;
    view.trouble("");
    view.state(page.words.thinks);
    busy(true);
    try {
      const on = { text: (piece) => view.write(piece) };
      const found = voice.speaks ? await voice.reply(body(), on) : await ask(body(), on);
      view.written(found.message);
      store.add({ role: "assistant", content: found.message || "…", timestamp: new Date().toISOString() });
      view.progress(found.progress);
      pause = FIRST_PAUSE;
      if (found.ended) finish(found.ended);
    } catch (error) {
      failed(error);
    } finally {
      asking = false;
      view.state("");
      view.show(store.turns);
      busy(false);
    }
  });
}

function failed(error) {
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

/** `spoken` are the facts of a line that was said aloud. */
function say(text, spoken) {
  voice.wake();
  if (!text || over) return;
  if (asking) {
    line.value = text; // said too soon: it stays to be sent
    return;
  }
  voice.hush(); // who types has read what is not heard yet
  store.adopt();
  if (store.turns.length && !answered()) return reply(); // the line before waits for its answer still
  store.add({ role: "user", content: text, timestamp: new Date().toISOString(), ...(spoken && { voice: spoken }) });
  line.value = "";
  kept("");
  view.show(store.turns);
  reply();
}

function kept(text) {
  write(draft, text, sessionStorage);
  write(draft, text, localStorage);
}

function finish({ by }) {
  over = true;
  view.over(by === "client" ? page.words.ended : page.words.endedByYou);
  voice.over();
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
  line.value = read(draft, sessionStorage) ?? read(draft, localStorage) ?? "";
  if (store.stray) {
    line.value = store.stray;
    view.trouble(page.words.other);
  }
  line.focus();
  voice.begin({
    said: say,
    heard: (text) => (line.value = text),
    // Of a reply that was whole already only so much was heard.
    cut: (words) => answered() && store.amend({ ...last(), content: words || "…", voice: { interrupted: true } }),
    redraw: () => view.show(store.turns),
  });
}

function beside() {
  const notes = view.part("notes");
  notes.value = store.notes;
  notes.addEventListener("input", () => store.keep({ notes: notes.value }));
  for (const part of ["gauge", "notes-part", "coach", "asked"]) {
    const details = view.part(part);
    if (!details) continue; // the talk is of no scenario
    details.open = read(`rplay-${part}`) === "open";
    details.addEventListener("toggle", () => write(`rplay-${part}`, details.open ? "open" : "shut"));
  }
  view.part("coach-form").addEventListener("submit", (event) => {
    event.preventDefault();
    advise(view, store, body(), page.words, expired);
  });
}

function ticking() {
  view.elapsed(store.seconds);
  limited();
  setInterval(() => {
    if (document.hidden || over) return;
    store.keep({ seconds: store.seconds + 1 });
    view.elapsed(store.seconds);
  }, 1000);
}

/** A scenario's time: shown, told twice before it is over, and then the talk is. The server ends it too. */
function limited() {
  if (page.secondsLeft === null) return;
  const end = Date.now() + 1000 * page.secondsLeft;
  let told = Infinity;
  const look = () => {
    if (over) return clearInterval(timer);
    const left = (end - Date.now()) / 1000;
    view.limit(Math.max(0, left));
    const due = WARNINGS.findLast((minutes) => left <= 60 * minutes);
    if (due < told) view.limitNears((told = due));
    if (left <= 0 && !asking) timeUp();
  };
  const timer = setInterval(look, 500);
  look();
}

/** What was typed and not said is kept among the notes. */
function timeUp() {
  const unsaid = line.value.trim();
  if (unsaid) {
    const notes = [store.notes, `${page.words.unsaid} ${unsaid}`].filter(Boolean).join("\n");
    store.keep({ notes });
    view.part("notes").value = notes;
    view.part("notes-part").open = true;
    line.value = "";
    kept("");
  }
  clearTimeout(retry);
  over = true;
  view.trouble("");
  view.state("");
  view.over(page.words.timeUp);
  voice.over();
}

store.addEventListener("saving", saving);
store.addEventListener("changed", () => {
  if (!asking) view.show(store.turns);
  view.coaching(store.turns);
});
addEventListener("online", () => !answered() && reply());
view.part("finish").addEventListener("submit", () => (over = true));

view.show(store.turns);
view.coaching(store.turns);
beside();
if (over) view.over(page.words.endedByYou);
else {
  began();
  ticking();
  if (!answered()) reply();
}
