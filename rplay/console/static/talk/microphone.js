// The learner's voice: held down or hands-free, sent to the server while they speak.

export class Microphone {
  /** `socket` takes the frames. */
  constructor(socket) {
    this.socket = socket;
    this.context = null;
    this.open = null; // what is being listened to: {id, mode}
  }

  static get possible() {
    return Boolean(navigator.mediaDevices?.getUserMedia && globalThis.AudioWorkletNode);
  }

  /** Resolves when it listens; rejects where the learner or the browser gives no microphone. */
  async start(mode) {
    const wanted = (this.open = { id: crypto.randomUUID(), mode, since: performance.now() });
    await this.#prepare();
    if (this.open !== wanted) return false; // let go meanwhile
    this.socket.listen(wanted.id, this.context.sampleRate, mode);
    this.node.port.onmessage = ({ data }) => this.open === wanted && this.socket.audio(data);
    return true;
  }

  /** The last words come as a `heard` that is final. */
  stop() {
    if (!this.open) return;
    this.open = null;
    if (this.node) this.node.port.onmessage = null;
    this.socket.listened();
    this.context?.suspend();
  }

  async #prepare() {
    if (!this.context) {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, channelCount: 1 } });
      const context = new AudioContext();
      await context.audioWorklet.addModule(new URL("./capture.js", import.meta.url));
      this.node = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0 });
      context.createMediaStreamSource(stream).connect(this.node);
      this.context = context;
    }
    await this.context.resume();
  }
}
