// What was said, kept twice: in this browser at once, on the server as soon as it answers. Other windows of this browser
// read and write the same.

const FIRST_PAUSE = 1000; // ms until a save that failed is tried again; doubled up to the last
const LAST_PAUSE = 15000;

/** `begins(a, b)`: whether the turns `b` begin with all of `a`. */
function begins(a, b) {
  return a.length <= b.length && a.every((turn, at) => turn.role === b[at].role && turn.content === b[at].content);
}

export class Store extends EventTarget {
  /** Events: `changed` when another window went on, `saving` with a state: saving, saved, kept, offline, expired. */
  constructor(id, serverTurns) {
    super();
    this.id = id;
    this.key = `rplay-talk-${id}`;
    this.turns = serverTurns;
    this.savedCount = serverTurns.length;
    this.notes = "";
    this.seconds = 0;
    this.stray = ""; // a last line from here that the server's talk went on without
    this.#merge(this.#read());
    this.pause = FIRST_PAUSE;
    addEventListener("storage", (event) => event.key === this.key && this.adopt());
    addEventListener("online", () => this.#save());
    if (this.dirty) this.#save();
  }

  get dirty() {
    return this.savedCount !== this.turns.length;
  }

  add(turn) {
    this.turns = [...this.turns, turn];
    this.#write();
    this.#save();
  }

  /** The last turn was less than what came: only so much of it was heard. */
  amend(turn) {
    this.turns = [...this.turns.slice(0, -1), turn];
    this.savedCount = Math.min(this.savedCount, this.turns.length - 1);
    this.#write();
    this.#save();
  }

  keep(values) {
    Object.assign(this, values);
    this.#write();
  }

  /** Takes over what another window of this browser has written. */
  adopt() {
    const kept = this.#read();
    if (!kept || !begins(this.turns, kept.turns)) return;
    const grown = kept.turns.length > this.turns.length;
    this.turns = kept.turns;
    this.savedCount = Math.max(this.savedCount, kept.savedCount ?? 0);
    if (grown) this.dispatchEvent(new Event("changed"));
  }

  /** Resolves when the server has all of it. */
  async flush() {
    while (this.dirty) {
      if (!(await this.#send())) return false;
    }
    return true;
  }

  forget() {
    localStorage.removeItem(this.key);
  }

  #merge(kept) {
    if (!kept) return;
    this.notes = kept.notes ?? "";
    this.seconds = kept.seconds ?? 0;
    if (begins(this.turns, kept.turns)) this.turns = kept.turns;
    else if (!begins(kept.turns, this.turns)) this.stray = kept.turns.findLast((turn) => turn.role === "user")?.content ?? "";
  }

  #read() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key));
      return Array.isArray(kept?.turns) ? kept : null;
    } catch {
      return null; // nothing there, or storage is closed to pages: then only the server keeps the talk
    }
  }

  #write() {
    const { turns, notes, seconds, savedCount } = this;
    try {
      localStorage.setItem(this.key, JSON.stringify({ turns, notes, seconds, savedCount }));
    } catch {
      this.#tell("unkept");
    }
  }

  #tell(state) {
    this.dispatchEvent(new CustomEvent("saving", { detail: state }));
  }

  async #save() {
    if (this.running) return;
    this.running = true;
    clearTimeout(this.timer);
    const done = await this.flush();
    this.running = false;
    if (done || this.expired) return;
    this.timer = setTimeout(() => this.#save(), this.pause);
    this.pause = Math.min(2 * this.pause, LAST_PAUSE);
  }

  async #send() {
    const turns = this.turns;
    this.#tell("saving");
    try {
      const answer = await fetch(`/api/simulation/${this.id}`, {
        method: "PATCH",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ conversation_history: turns }),
      });
      this.expired = answer.status === 401;
      if (!answer.ok) {
        this.#tell(this.expired ? "expired" : "kept");
        return false;
      }
    } catch {
      this.#tell(navigator.onLine ? "kept" : "offline");
      return false;
    }
    this.savedCount = turns.length;
    this.pause = FIRST_PAUSE;
    this.#write();
    this.#tell("saved");
    return true;
  }
}
