// What pages do in a browser beyond what HTML does by itself. Every page can be read and every form sent without it.

/** Times in the reader's own zone: the server only knows its own. */
function localTimes(root) {
  for (const time of root.querySelectorAll("time[data-local]")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    const shape = time.dataset.local === "date" ? { dateStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" };
    time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, shape).format(moment);
  }
}

/** Dialogs, for browsers that do not know `command` on buttons. */
function dialogs(event) {
  const button = event.target.closest?.("button[commandfor]");
  if (!button || "commandForElement" in button) return;
  const dialog = document.getElementById(button.getAttribute("commandfor"));
  if (button.getAttribute("command") === "show-modal") dialog?.showModal();
  else dialog?.close();
}

/** A filter that is changed shows at once what it leaves. */
function filters(event) {
  event.target.closest?.("form[data-at-once]")?.requestSubmit();
}

/** A form that takes a while is sent once. */
function onlyOnce(event) {
  const button = event.submitter;
  if (!button?.dataset.busy || event.defaultPrevented) return;
  button.dataset.usual = button.textContent;
  button.textContent = button.dataset.busy;
  setTimeout(() => (button.disabled = true));
}

/** An answer came into the page, or none did: its button works again. */
function again() {
  for (const button of document.querySelectorAll("button[data-usual]")) {
    button.textContent = button.dataset.usual;
    button.disabled = false;
    delete button.dataset.usual;
  }
}

// What is typed into long forms (data-keep names them) outlasts a reload and a page that was left: in this tab only, until
// it was sent and the server took it.
const KEPT = "rplay-form-";

function storage() {
  try {
    return sessionStorage;
  } catch {
    return null; // it is closed to pages
  }
}

/** By its name, else by where it is sent to. */
function keyOf(form) {
  return KEPT + (form.dataset.keep || new URL(form.action).pathname);
}

function kept() {
  return Object.keys(storage() ?? {}).filter((key) => key.startsWith(KEPT));
}

function keep(event) {
  const form = event.target.closest?.("form[data-keep]");
  if (form) store(form, { fields: [...new FormData(form)] });
}

function store(form, values) {
  try {
    storage()?.setItem(keyOf(form), JSON.stringify(values));
  } catch {
    // it is full
  }
}

/** Once it is sent, what is kept goes with the next page, unless that says that it failed; at once for who signs out. */
function sent(event) {
  const form = event.target;
  if (form.hasAttribute("data-forgets")) return kept().forEach((key) => storage().removeItem(key));
  if (!form.hasAttribute("data-keep") || form.hasAttribute("hx-post")) return;
  const forms = [form, ...document.querySelectorAll(`form[data-goes-with="${form.id}"]`)];
  for (const one of forms) store(one, { fields: [...new FormData(one)], sent: true });
}

function restore() {
  const signedOut = !document.querySelector("form[data-forgets]");
  const failed = signedOut || document.querySelector("[data-refused]");
  const returned = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
  for (const key of kept()) {
    const found = JSON.parse(storage().getItem(key));
    if (failed) storage().setItem(key, JSON.stringify({ ...found, sent: false }));
    else if (found.sent && !returned) {
      storage().removeItem(key);
      continue;
    }
    const form = [...document.querySelectorAll("form[data-keep]")].find((one) => keyOf(one) === key);
    if (form && !form.hasAttribute("data-fresh")) fill(form, found.fields);
  }
  for (const form of document.querySelectorAll("form[data-keep][data-fresh]")) fresh(form);
}

/** What the server has filled in takes the place of what was kept. */
function fresh(form) {
  form.removeAttribute("data-fresh");
  store(form, { fields: [...new FormData(form)] });
}

function unfold(input) {
  for (let at = input.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
}

function fill(form, fields) {
  const rest = new Map();
  for (const [name, value] of fields) rest.set(name, [...(rest.get(name) ?? []), value]);
  for (const input of form.elements) {
    const values = rest.get(input.name) ?? [];
    if (input.type === "checkbox" || input.type === "radio") input.checked = values.includes(input.value);
    else if (input.type === "hidden") values.shift();
    else if (values.length) input.value = values.shift();
    if (input.value && !["checkbox", "radio", "hidden", "submit"].includes(input.type)) unfold(input);
  }
}

localTimes(document);
restore();
document.addEventListener("input", keep);
document.addEventListener("submit", sent);
document.addEventListener("click", dialogs);
document.addEventListener("change", filters);
document.addEventListener("submit", onlyOnce);
document.addEventListener("htmx:after:swap", (event) => {
  localTimes(event.target?.ownerDocument ?? document);
  for (const form of document.querySelectorAll("form[data-keep][data-fresh]")) fresh(form);
});
document.addEventListener("htmx:finally:request", again);
// Back from a page that was left by a form: its button works again.
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const button of document.querySelectorAll("button[data-busy]:disabled")) button.disabled = false;
});
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
document.querySelector("[data-focus]")?.focus();
