// The client's next line as it is written, over server-sent events.

/** Calls `on.text(piece)`; gives {message, progress, ended}. Throws Refused where the server said no. */
export async function ask(body, on, signal) {
  const answer = await fetch("/api/chat/client-response/stream", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  if (!answer.ok) throw new Refused(answer.status, await words(answer));
  for await (const { type, data } of events(answer.body)) {
    if (type === "delta") on.text(data.text);
    else if (type === "error") throw new Refused(502, data.error);
    else if (type === "complete") {
      return { message: data.response, progress: data.objectiveProgress, ended: data.ended, source: data.metadata?.provider };
    }
  }
  throw new TypeError("the stream broke off");
}

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** What an error says to people. */
export async function words(answer) {
  try {
    return (await answer.json()).message ?? "";
  } catch {
    return "";
  }
}

async function* events(stream) {
  let rest = "";
  for await (const piece of pieces(stream.pipeThrough(new TextDecoderStream()))) {
    const blocks = (rest + piece).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const type = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (type && data) yield { type, data: JSON.parse(data) };
    }
  }
}

/** For browsers whose streams are not iterable. */
async function* pieces(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
