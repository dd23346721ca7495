// Hearing and being heard: the buttons for sound and microphone, and what they do.

import { read, write } from "./memory.js";
import { Microphone } from "./microphone.js";
import { Player } from "./player.js";
import { Socket } from "./socket.js";

const QUIET = "rplay-sound"; // where the choice of sound is kept
const WATCH_MS = 100;

export class Voice {
  constructor(page, view) {
    this.page = page;
    this.view = view;
    this.player = new Player();
    this.quiet = !page.speaks || read(QUIET) === "off";
    this.reply_ = null; // the id of the reply that is being made
    this.until = null; // when the client was last heard, by performance.now()
    if (page.speaks || page.listens) this.socket = new Socket();
    if (page.listens && Microphone.possible) this.microphone = new Microphone(this.socket);
  }

  get speaks() {
    return !this.quiet && this.player.ready && this.socket.connected;
  }

  /** `said(text, facts)` and `heard(text)` of the learner; `cut(words)` when a reply was heard only so far. */
  begin(on) {
    this.on = on;
    this.#sound();
    this.#stopping();
    if (this.microphone) this.#speaking();
  }

  wake() {
    if (!this.quiet) this.player.wake();
  }

  async reply(body, on) {
    this.player.reset();
    this.reply_ = crypto.randomUUID();
    this.#watch();
    try {
      return await this.socket.reply(this.reply_, body, { text: on.text, audio: (piece) => this.player.add(piece) });
    } finally {
      this.player.flush();
      this.reply_ = null;
    }
  }

  /** The learner cuts in: what is not heard yet was never said. */
  interrupt() {
    const making = this.reply_;
    if (!making && !this.player.playing) return;
    const { heard, words } = this.player.stop();
    this.cutIn = true;
    if (making) this.socket.interrupt(making, heard);
    else this.on.cut(words);
    this.on.redraw();
    this.#shown();
  }

  /** Silence; what was written stays said. */
  hush() {
    this.player.reset();
  }

  over() {
    this.microphone?.stop();
    for (const id of ["hold", "free"]) this.view.part(id).hidden = true;
  }

  #sound() {
    const button = this.view.part("sound");
    const show = () => {
      button.textContent = this.quiet ? this.page.words.soundOff : this.page.words.soundOn;
      button.setAttribute("aria-pressed", String(!this.quiet));
    };
    button.hidden = !this.page.speaks;
    button.addEventListener("click", () => {
      this.quiet = !this.quiet;
      write(QUIET, this.quiet ? "off" : "on");
      if (this.quiet) this.player.reset();
      else this.player.wake();
      show();
    });
    show();
  }

  #stopping() {
    this.view.part("stop").addEventListener("click", () => this.interrupt());
    addEventListener("keydown", (event) => event.key === "Escape" && !document.querySelector("dialog[open]") && this.interrupt());
  }

  /** While there is sound, the button to stop it is there. */
  #watch() {
    clearInterval(this.watching);
    this.watching = setInterval(() => this.#shown(), WATCH_MS);
  }

  #shown() {
    const sounding = this.player.playing;
    this.view.part("stop").hidden = !sounding;
    document.getElementById("talk").dataset.frames = this.player.frames;
    if (sounding) this.until = performance.now();
    else if (!this.reply_) clearInterval(this.watching);
  }

  #speaking() {
    const hold = this.view.part("hold");
    const free = this.view.part("free");
    hold.hidden = free.hidden = false;
    const down = (event) => {
      event.preventDefault();
      if (!event.repeat) this.#start("hold", hold);
    };
    const up = () => this.microphone.open?.mode === "hold" && this.#stop(hold);
    hold.addEventListener("pointerdown", down);
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, up);
    addEventListener("keydown", (event) => event.code === "Space" && holds(event.target, hold) && down(event));
    addEventListener("keyup", (event) => event.code === "Space" && up());
    addEventListener("blur", up);
    free.addEventListener("click", () => (this.microphone.open?.mode === "free" ? this.#stop(free) : this.#start("free", free)));
    this.socket.addEventListener("heard", ({ detail }) => this.#heard(detail));
    this.socket.addEventListener("speech-detected", () => this.interrupt());
    this.socket.addEventListener("listen-error", ({ detail }) => {
      this.microphone.stop();
      this.#label(hold, free);
      this.view.trouble(detail.message);
    });
    this.#label(hold, free);
  }

  async #start(mode, button) {
    if (this.microphone.open) return;
    this.wake();
    if (mode === "hold") this.interrupt();
    this.began = performance.now();
    try {
      await this.microphone.start(mode);
    } catch {
      this.microphone.open = null;
      this.view.trouble(this.page.words.noMicrophone);
    }
    this.#label(this.view.part("hold"), this.view.part("free"));
    button.focus();
  }

  #stop() {
    this.microphone.stop();
    this.#label(this.view.part("hold"), this.view.part("free"));
  }

  #heard({ text, final, startMs, endMs, words, fillers }) {
    this.on.heard(text);
    if (!final) return;
    if (!text) {
      if (this.microphone.open?.mode !== "free") this.view.trouble(this.page.words.nothingHeard);
      return;
    }
    const spoke = this.began + (startMs ?? 0);
    const facts = {
      seconds: Math.round((endMs - startMs) / 100) / 10,
      pauseMs: this.until === null ? 0 : Math.max(0, Math.round(spoke - this.until)),
      words,
      fillers,
      interrupted: Boolean(this.cutIn),
    };
    this.cutIn = false;
    this.view.trouble("");
    this.on.said(text, facts);
  }

  #label(hold, free) {
    const mode = this.microphone.open?.mode;
    hold.textContent = mode === "hold" ? this.page.words.listening : this.page.words.hold;
    hold.classList.toggle("primary", mode === "hold");
    hold.disabled = mode === "free";
    free.textContent = mode === "free" ? this.page.words.freeOn : this.page.words.free;
    free.setAttribute("aria-pressed", String(mode === "free"));
  }
}

/** The space bar speaks where it does nothing else. */
function holds(target, button) {
  return target === button || !target.closest?.("input, textarea, select, button, summary, a, [contenteditable]");
}
