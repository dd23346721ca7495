// Plays a reply sentence by sentence, without gaps, and knows how much of it was heard.

// A server's voice sends a sentence in pieces that only together can be decoded; ours sends each whole. What has had no
// more pieces for so long is taken for whole.
const WHOLE_MS = 60;
const AHEAD_SECONDS = 0.04;

export class Player {
  constructor() {
    this.context = null;
    this.frames = 0; // played so far, for those who test whether anything was
    this.reset();
  }

  /** To be called when the learner does something: browsers let no page begin to sound by itself. */
  wake() {
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") this.context.resume();
  }

  get ready() {
    return this.context?.state === "running";
  }

  get playing() {
    return this.waiting > 0 || Boolean(this.last && this.context.currentTime < this.last.end);
  }

  reset() {
    for (const source of this.sources ?? []) source.stop();
    this.sources = new Set();
    this.segments = [];
    this.texts = [];
    this.pieces = [];
    this.sentence = 0;
    this.waiting = 0; // pieces that are being decoded
    this.order = Promise.resolve();
    clearTimeout(this.timer);
    this.round = (this.round ?? 0) + 1;
  }

  add({ sentence, text, data }) {
    if (sentence !== this.sentence) this.flush();
    this.sentence = sentence;
    if (text !== undefined) this.texts[sentence] = text;
    this.pieces.push(new Uint8Array(data));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), WHOLE_MS);
  }

  /** Everything has come that will come. */
  flush() {
    clearTimeout(this.timer);
    if (!this.pieces.length) return;
    const bytes = new Uint8Array(this.pieces.reduce((sum, piece) => sum + piece.length, 0));
    this.pieces.reduce((at, piece) => (bytes.set(piece, at), at + piece.length), 0);
    this.pieces = [];
    const { sentence, round } = this;
    this.waiting += 1;
    const decoded = this.context.decodeAudioData(bytes.buffer).catch(() => null); // a cut piece: the words stand there
    this.order = this.order.then(async () => {
      const buffer = await decoded;
      if (round !== this.round) return;
      this.waiting -= 1;
      if (buffer) this.#play(buffer, sentence);
    });
  }

  #play(buffer, sentence) {
    const source = new AudioBufferSourceNode(this.context, { buffer });
    source.connect(this.context.destination);
    const start = Math.max(this.context.currentTime + AHEAD_SECONDS, this.last?.end ?? 0);
    const before = this.segments.filter((one) => one.sentence === sentence).reduce((sum, one) => sum + one.end - one.start, 0);
    this.segments.push({ sentence, before, start, end: start + buffer.duration });
    this.sources.add(source);
    source.onended = () => {
      this.sources.delete(source);
      this.frames += Math.round(buffer.length);
    };
    source.start(start);
  }

  get last() {
    return this.segments.at(-1);
  }

  /** Seconds that were played. */
  get seconds() {
    const now = this.context?.currentTime ?? 0;
    return this.segments.reduce((sum, { start, end }) => sum + Math.max(0, Math.min(now, end) - start), 0);
  }

  /** Stops, and tells how far it came: {sentence, offsetMs}, sentence -1 for nothing. */
  stop() {
    const now = this.context?.currentTime ?? 0;
    const begun = this.segments.filter((one) => one.start <= now).at(-1);
    const heard = begun
      ? { sentence: begun.sentence, offsetMs: Math.round(1000 * (begun.before + Math.min(now, begun.end) - begun.start)) }
      : { sentence: -1 };
    const words = this.#words(begun, now);
    this.reset();
    return { heard, words };
  }

  /** The words that were heard up to now. */
  #words(begun, now) {
    if (!begun) return "";
    const whole = this.texts.slice(0, begun.sentence).join(" ");
    const parts = this.segments.filter((one) => one.sentence === begun.sentence);
    const length = parts.reduce((sum, one) => sum + one.end - one.start, 0);
    const share = Math.min(1, (begun.before + Math.min(now, begun.end) - begun.start) / length);
    const words = (this.texts[begun.sentence] ?? "").split(/\s+/).filter(Boolean);
    return [whole, words.slice(0, Math.ceil(share * words.length)).join(" ")].filter(Boolean).join(" ").replace(/\s+/g, " ").trim();
  }
}
