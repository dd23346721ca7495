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
  button.textContent = button.dataset.busy;
  setTimeout(() => (button.disabled = true));
}

localTimes(document);
document.addEventListener("click", dialogs);
document.addEventListener("change", filters);
document.addEventListener("submit", onlyOnce);
document.addEventListener("htmx:after:swap", (event) => localTimes(event.target?.ownerDocument ?? document));
// Back from a page that was left by a form: its button works again.
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const button of document.querySelectorAll("button[data-busy]:disabled")) button.disabled = false;
});
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
document.querySelector("[data-focus]")?.focus();
