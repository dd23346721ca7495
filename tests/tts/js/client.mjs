// Speaks to the socket as the web frontend does, and prints one JSON document with what it heard.
// usage: node client.mjs <url> <transport>
import { io } from "socket.io-client";

const [url, transport] = process.argv.slice(2);
const ROUNDS = 40;

function connect(options = {}) {
  const heard = [];
  const waiting = [];
  const note = (...event) => {
    heard.push(event);
    waiting.filter(({ name }) => name === event[0]).forEach(({ resolve }) => resolve(event));
  };
  const next = (name) => new Promise((resolve) => waiting.push({ name, resolve }));
  const socket = io(url, { transports: [transport], reconnection: false, forceNew: true, ...options });
  socket.onAny(note);
  socket.on("connect_error", (error) => note("connect_error", error.message));
  const say = (text, more = {}) =>
    new Promise((resolve) =>
      socket.emit("generate-speech", { text, voice: "alloy", speed: 1, ...more }, (answer) => {
        note("ack", answer, text);
        resolve(answer);
      }),
    );
  return { socket, heard, next, say };
}

async function sameTick() {
  const { socket, heard, next, say } = connect();
  await next("tts-connected");
  let last;
  for (let number = 0; number < ROUNDS; number += 1) {
    const chunk = next("audio-chunk");
    socket.emit("stop-speech");
    last = say(`hold=1 number ${number}`);
    await chunk;
  }
  socket.emit("stop-speech");
  await last;
  socket.disconnect();
  return { id: heard[0][1].socketId, heard };
}

async function binary() {
  const { socket, heard, next, say } = connect();
  await next("tts-connected");
  await say("Good morning", { binary: true });
  socket.disconnect();
  return heard
    .filter(([name]) => name === "audio-chunk")
    .map(([, { data, index }]) => ({ index, isBytes: data instanceof Uint8Array, bytes: [...data].length }));
}

async function refused() {
  const { socket, next } = connect({ auth: { token: "dead" } });
  const [, message] = await next("connect_error");
  socket.disconnect(); // the engine beneath is still connected
  return message;
}

async function leaving() {
  const { socket, next, say } = connect();
  await next("tts-connected");
  const chunk = next("audio-chunk");
  say("hold=1 leaving");
  await chunk;
  socket.disconnect();
}

const result = { sameTick: await sameTick(), binary: await binary(), refused: await refused() };
await leaving();
console.log(JSON.stringify(result));
