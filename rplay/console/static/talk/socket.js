// The socket: replies that are heard while they are written, and what the learner says aloud.

import { io } from "../vendor/socket.io.esm.min.js";
import { Refused } from "./stream.js";

const ANSWER_MS = 90_000; // a reply that said nothing for so long is given up

export class Socket extends EventTarget {
  /** Events: `heard`, `speech-detected`, `listen-error`, each with the payload as its `detail`. */
  constructor() {
    super();
    this.wire = io({ transports: ["websocket", "polling"], reconnectionDelayMax: 15_000 });
    for (const name of ["heard", "speech-detected", "listen-error"]) {
      this.wire.on(name, (detail) => this.dispatchEvent(new CustomEvent(name, { detail })));
    }
  }

  get connected() {
    return this.wire.connected;
  }

  /** A reply, spoken; calls `on.text(piece)` and `on.audio(payload)`. As `ask` of stream.js, with `cut` and `audio`. */
  reply(id, body, on) {
    const wire = this.wire;
    return new Promise((resolve, reject) => {
      let timer;
      const alive = () => {
        clearTimeout(timer);
        timer = setTimeout(() => done(reject, new TypeError("no answer")), ANSWER_MS);
      };
      const handlers = {
        "reply-text": ({ text }) => on.text(text),
        "reply-audio": on.audio,
        "reply-end": (found) => done(resolve, { ...found, progress: found.objectiveProgress }),
        "reply-error": ({ message }) => done(reject, new Refused(refusal(message), message)),
      };
      const listening = Object.entries(handlers).map(([name, act]) => [
        name,
        (payload) => {
          if (payload.id !== id) return;
          alive();
          act(payload);
        },
      ]);
      const lost = () => done(reject, new TypeError("the connection broke off"));
      const done = (settle, found) => {
        clearTimeout(timer);
        for (const [name, act] of listening) wire.off(name, act);
        wire.off("disconnect", lost);
        settle(found);
      };
      for (const [name, act] of listening) wire.on(name, act);
      wire.on("disconnect", lost);
      alive();
      wire.emit("talk", { ...body, id, speak: true, binary: true }, () => {});
    });
  }

  interrupt(id, heard) {
    this.wire.emit("interrupt", { id, ...heard });
  }

  listen(id, sampleRate, mode) {
    this.wire.emit("listen-start", { id, sampleRate, mode });
  }

  audio(frame) {
    this.wire.emit("listen-audio", frame);
  }

  listened() {
    this.wire.emit("listen-end");
  }
}

/** The status that the same refusal has over HTTP, as far as the page cares. */
function refusal(message) {
  return /authentication|session/i.test(message) ? 401 : 502;
}
