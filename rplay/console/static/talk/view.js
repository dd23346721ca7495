// What the page shows of a talk. It reads and writes nothing but the document.

const SENTENCE = /[^.!?…]+[.!?…]+["”')\]]*\s*/g;

export class View {
  constructor(page) {
    this.page = page;
    this.part = (id) => document.getElementById(id);
    this.turns = this.part("turns");
  }

  /** The talk with the client, whole: what the coach said stands beside it. */
  show(turns) {
    this.writing = null;
    this.turns.replaceChildren(...turns.filter((turn) => !turn.coach && turn.role !== "system").map((turn) => this.#turn(turn)));
    this.#toTheEnd(true);
  }

  coaching(turns) {
    const coached = turns.filter((turn) => turn.coach);
    this.part("assisted").hidden = !coached.length;
    this.part("coaching").replaceChildren(...coached.map((turn) => coachTurn(turn, this.page.words)));
  }

  /** A piece of the line that is being written. */
  write(piece) {
    if (!this.writing) {
      this.writing = { item: this.#turn({ role: "assistant", content: "" }), said: "", told: 0 };
      this.turns.append(this.writing.item);
      this.state("");
    }
    this.writing.said += piece;
    this.writing.item.lastElementChild.textContent = this.writing.said;
    this.#readOut(false);
    this.#toTheEnd(false);
  }

  /** The line is whole: as it will be kept. */
  written(message) {
    if (!this.writing) this.write(message);
    this.writing.said = message;
    this.#readOut(true);
  }

  state(words) {
    this.part("state").textContent = words;
  }

  saved(words, warns) {
    this.part("saved").textContent = words;
    this.part("saved").classList.toggle("warns", warns);
  }

  trouble(words, button, act) {
    this.part("trouble").hidden = !words;
    this.part("trouble-words").textContent = words;
    this.part("again").hidden = !act;
    this.part("again").textContent = button ?? this.page.words.again;
    this.part("again").onclick = act;
    if (words) this.#toTheEnd(true);
  }

  over(words) {
    this.part("over").hidden = false;
    this.part("over-words").textContent = words;
    for (const id of ["line", "send"]) this.part(id).disabled = true;
    this.#toTheEnd(true);
  }

  progress(found) {
    if (!found) return;
    for (const meter of document.querySelectorAll("[data-objective]")) {
      meter.value = found[meter.dataset.objective] ?? 0;
      meter.textContent = `${meter.value} %`;
    }
    this.part("explanation").textContent = found.explanation ?? "";
  }

  elapsed(seconds) {
    this.part("elapsed").textContent = clock(seconds);
  }

  limit(seconds) {
    this.part("limit").textContent = this.page.words.timeLeft.replace("%(time)s", clock(seconds));
  }

  limitNears(minutes) {
    const { timeLast, timeSoon } = this.page.words;
    this.part("limit-part").classList.add("warns");
    this.part("limit-words").textContent = minutes === 1 ? timeLast : timeSoon.replace("%(minutes)s", minutes);
  }

  /** Said by sentence to those who listen to the page: single words would be noise. */
  #readOut(all) {
    const { said, told } = this.writing;
    const rest = said.slice(told);
    const whole = all ? rest : (rest.match(SENTENCE) ?? []).slice(0, -1).join("");
    if (!whole.trim()) return;
    const told_ = document.createElement("p");
    told_.textContent = whole;
    this.part("heard").append(told_);
    while (this.part("heard").childElementCount > 6) this.part("heard").firstElementChild.remove();
    this.writing.told += whole.length;
  }

  #turn(turn) {
    const item = document.createElement("li");
    const client = turn.role === "assistant";
    item.className = `turn ${client ? "client" : "advisor"}`;
    const who = document.createElement("b");
    who.textContent = client ? this.page.name : this.page.words.you;
    const said = document.createElement("p");
    said.className = "said";
    said.textContent = turn.content;
    item.append(who, said);
    return item;
  }

  #toTheEnd(always) {
    const near = innerHeight + scrollY > document.documentElement.scrollHeight - 240;
    if (always || near) scrollTo({ top: document.documentElement.scrollHeight });
  }
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

function coachTurn(turn, words) {
  const block = document.createElement("div");
  block.className = turn.role === "user" ? "asked" : "advice";
  const who = document.createElement("b");
  who.textContent = turn.role === "user" ? words.you : words.coach;
  block.append(who, ...(turn.role === "user" ? [paragraph(turn.content)] : advice(turn.content)));
  return block;
}

/** The coach writes headings, lists and bold words; of anything else the letters are shown. */
function advice(text) {
  const made = [];
  for (const line of text.split("\n")) {
    const heading = /^#{1,4} (.*)/.exec(line)?.[1];
    const item = /^\s*(?:[-*]|\d+\.) (.*)/.exec(line)?.[1];
    if (heading) made.push(Object.assign(document.createElement("h2"), { textContent: heading }));
    else if (item) {
      if (made.at(-1)?.tagName !== "UL") made.push(document.createElement("ul"));
      made.at(-1).append(Object.assign(document.createElement("li"), { textContent: item.replaceAll("**", "") }));
    } else if (line.trim()) made.push(paragraph(line.replaceAll("**", "")));
  }
  return made;
}

function paragraph(text) {
  return Object.assign(document.createElement("p"), { textContent: text });
}
