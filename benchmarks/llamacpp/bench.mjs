// One measured run of llama.cpp, through its own llama_decode: no scheduler, no sampler and no text in between, as its llama-batched-bench does it.
//   node bench.mjs --model FILE --batch N --captions N [--prompt 616] [--new-tokens 64] [--flash 0|1] [--tokens-per-call N] [--threads 2]
// Prints a line of JSON. Choosing the next token is not counted; random ids are fed instead, since time does not depend on them.
import { parseArgs } from "node:util";
import { getLlama } from "node-llama-cpp";

const text = { type: "string" };
const { values: o } = parseArgs({ options: { model: text, batch: text, captions: text, prompt: text, "new-tokens": text, flash: text, "tokens-per-call": text, threads: text } });
const number = (key, fallback) => {
  const n = o[key] === undefined ? fallback : Number(o[key]);
  if (!Number.isInteger(n) || n < 0) throw new Error(`--${key}: '${o[key]}' is not allowed; allowed: a whole number.`);
  return n;
};
const batch = number("batch"), captions = number("captions"), prompt = number("prompt", 616), newTokens = number("new-tokens", 64);
const perCall = number("tokens-per-call", prompt), threads = number("threads", 2), vocabulary = 32000;

const llama = await getLlama({ gpu: false, build: "never", logLevel: "error" });
const native = llama._bindings;
const model = new native.AddonModel(o.model, { addonExports: native, useMmap: false });
if (!(await model.init())) throw new Error(`llama.cpp could not load ${o.model}`);
const context = new native.AddonContext(model, {
  contextSize: batch * (Math.ceil((prompt + newTokens) / 256) * 256), sequences: batch, batchSize: Math.max(perCall, batch),
  flashAttention: number("flash", 1) === 1, threads,
});
if (!(await context.init())) throw new Error("llama.cpp could not make a context");

let state = 1;
const token = () => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return state % vocabulary; };
const tokens = (n) => Uint32Array.from({ length: n }, token);
const none = new Uint32Array(), seconds = (since) => Number(process.hrtime.bigint() - since) / 1e9;

/** Prompts of `rows` sequences, as many tokens in a call as fit, split where a call is full. */
async function prefill(rows, length) {
  let pending = [], room = perCall;
  const flush = async () => {
    if (!pending.length) return;
    context.initBatch(perCall - room);
    for (const [row, at, ids] of pending) context.addToBatch(row, at, ids, at + ids.length === length ? Uint32Array.of(ids.length - 1) : none);
    await context.decodeBatch();
    pending = [], room = perCall;
  };
  for (let row = 0; row < rows; row++)
    for (let at = 0; at < length;) {
      const count = Math.min(length - at, room);
      pending.push([row, at, tokens(count)]);
      at += count, room -= count;
      if (room === 0) await flush();
    }
  await flush();
}

async function decode(rows, from, count) {
  for (let step = 0; step < count; step++) {
    context.initBatch(rows);
    for (let row = 0; row < rows; row++) context.addToBatch(row, from + step, tokens(1), Uint32Array.of(0));
    await context.decodeBatch();
  }
}

const clear = () => { for (let row = 0; row < batch; row++) context.disposeSequence(row); };
await prefill(1, Math.min(64, prompt)); // warm up
await decode(1, Math.min(64, prompt), 3);
clear();

let prefillSeconds = 0, decodeSeconds = 0;
for (let done = 0; done < captions;) {
  const rows = Math.min(batch, captions - done);
  let begun = process.hrtime.bigint();
  await prefill(rows, prompt);
  prefillSeconds += seconds(begun);
  begun = process.hrtime.bigint();
  await decode(rows, prompt, newTokens - 1); // the prefill made the first
  decodeSeconds += seconds(begun);
  clear();
  done += rows;
}
console.log(JSON.stringify({
  engine: "llama.cpp", model: o.model.split("/").at(-1).replace(/.*-|\.gguf/g, ""), flash: number("flash", 1), tokensPerCall: perCall, threads, batch, captions, prompt, newTokens,
  captionsPerSecond: captions / (prefillSeconds + decodeSeconds), prefillTokensPerSecond: captions * prompt / prefillSeconds,
  decodeTokensPerSecond: captions * (newTokens - 1) / decodeSeconds, system: native.systemInfo(),
}));
process.exit(0);
