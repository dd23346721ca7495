// A question to the coach in the middle of a talk: the client does not hear it.

import { Refused, words as wordsOf } from "./stream.js";

export async function advise(view, store, body, words, expired) {
  const field = view.part("coach-question");
  const button = view.part("coach-ask");
  const question = field.value.trim();
  if (!question || button.disabled) return;
  button.disabled = true;
  const asked = { role: "user", content: question, coach: true };
  try {
    const answer = await fetch("/api/chat/expert-response", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...body, messages: [...body.messages, asked] }),
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
    view.trouble(error instanceof Refused && error.message ? error.message : words.failed);
  } finally {
    button.disabled = false;
  }
}
