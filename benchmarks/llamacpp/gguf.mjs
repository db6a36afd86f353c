// Writes shape S with random weights as GGUF (format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
//   node gguf.mjs F32|F16|BF16|Q8_0 FILE
// Time does not depend on the values, so one block of random numbers is written over and over.
import { closeSync, openSync, renameSync, writeSync } from "node:fs";

const shape = { width: 768, layers: 12, heads: 12, feedForward: 2048, vocabulary: 32000, context: 4096 };
const kinds = { // ggml type, general.file_type, values and bytes of a block
  F32: { type: 0, file: 0, values: 1, bytes: 4 },
  F16: { type: 1, file: 1, values: 1, bytes: 2 },
  BF16: { type: 30, file: 32, values: 1, bytes: 2 },
  Q8_0: { type: 8, file: 7, values: 32, bytes: 34 },
};
const [name, path] = process.argv.slice(2);
const kind = kinds[name];
if (!kind || !path) {
  console.error(`usage: node gguf.mjs ${Object.keys(kinds).join("|")} FILE`);
  process.exit(2);
}

const parts = [];
const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32LE(n); return b; };
const u64 = (n) => { const b = Buffer.alloc(8); b.writeBigUInt64LE(BigInt(n)); return b; };
const f32 = (n) => { const b = Buffer.alloc(4); b.writeFloatLE(n); return b; };
const text = (s) => Buffer.concat([u64(Buffer.byteLength(s)), Buffer.from(s)]);
const number = (key, n) => [text(key), u32(4), u32(n)]; // 4: uint32
const real = (key, n) => [text(key), u32(6), f32(n)]; // 6: float32
const string = (key, s) => [text(key), u32(8), text(s)]; // 8: string

const pairs = [
  string("general.architecture", "llama"), string("general.name", "shape-s"), number("general.file_type", kind.file),
  number("llama.context_length", shape.context), number("llama.embedding_length", shape.width), number("llama.block_count", shape.layers),
  number("llama.feed_forward_length", shape.feedForward), number("llama.attention.head_count", shape.heads), number("llama.attention.head_count_kv", shape.heads),
  number("llama.rope.dimension_count", shape.width / shape.heads), real("llama.attention.layer_norm_rms_epsilon", 1e-5), number("llama.vocab_size", shape.vocabulary),
  string("tokenizer.ggml.model", "no_vocab"), // token ids go in and out: no text is needed
];

// GGUF names the fastest dimension (inputs) first.
const matrix = (tensor, inputs, outputs) => ({ tensor, dims: [inputs, outputs], kind, bytes: (inputs * outputs / kind.values) * kind.bytes });
const vector = (tensor, length) => ({ tensor, dims: [length], kind: kinds.F32, bytes: 4 * length, ones: true });
const { width: d, feedForward: f } = shape;
const tensors = [matrix("token_embd.weight", d, shape.vocabulary), vector("output_norm.weight", d), matrix("output.weight", d, shape.vocabulary)];
for (let i = 0; i < shape.layers; i++) {
  tensors.push(vector(`blk.${i}.attn_norm.weight`, d), vector(`blk.${i}.ffn_norm.weight`, d));
  for (const part of ["attn_q", "attn_k", "attn_v", "attn_output"]) tensors.push(matrix(`blk.${i}.${part}.weight`, d, d));
  tensors.push(matrix(`blk.${i}.ffn_gate.weight`, d, f), matrix(`blk.${i}.ffn_up.weight`, d, f), matrix(`blk.${i}.ffn_down.weight`, f, d));
}

const aligned = (n) => Math.ceil(n / 32) * 32;
parts.push(Buffer.from("GGUF"), u32(3), u64(tensors.length), u64(pairs.length), ...pairs.flat());
let offset = 0;
for (const t of tensors) {
  parts.push(text(t.tensor), u32(t.dims.length), ...t.dims.map(u64), u32(t.kind.type), u64(offset));
  offset += aligned(t.bytes);
}
const header = Buffer.concat(parts);

/** About a megabyte of random weights, deviation 1/sqrt(768), whole blocks. */
function randomBlock() {
  const count = 32 * 8192;
  let state = 1;
  const next = () => { state ^= state << 13; state ^= state >>> 17; state ^= state << 5; return (state >>> 0) / 2 ** 31 - 1; }; // −1 … 1
  const scale = Math.sqrt(3 / shape.width);
  if (name === "Q8_0") {
    const block = Buffer.alloc((count / 32) * 34);
    for (let at = 0; at < block.length; at += 34) {
      block.writeUInt16LE(0x1000, at); // 2^-11: the scale, as half precision
      for (let i = 2; i < 34; i++) block.writeInt8(Math.trunc(next() * 127), at + i);
    }
    return block;
  }
  const values = Float32Array.from({ length: count }, () => next() * scale);
  if (name === "F32") return Buffer.from(values.buffer);
  const bits = new Uint32Array(values.buffer);
  const half = name === "BF16"
    ? (b) => b >>> 16
    : (b) => { const e = ((b >>> 23) & 255) - 112; return e <= 0 ? 0 : ((b >>> 16) & 0x8000) | (e << 10) | ((b >>> 13) & 1023); };
  return Buffer.from(Uint16Array.from(bits, half).buffer);
}

const block = randomBlock();
const out = openSync(path + ".part", "w");
const write = (b) => { for (let at = 0; at < b.length;) at += writeSync(out, b, at); };
write(header);
write(Buffer.alloc(aligned(header.length) - header.length));
for (const t of tensors) {
  if (t.ones) write(Buffer.from(Float32Array.from({ length: t.dims[0] }, () => 1).buffer));
  else for (let left = t.bytes; left > 0; left -= block.length) write(left < block.length ? block.subarray(0, left) : block);
  write(Buffer.alloc(aligned(t.bytes) - t.bytes));
}
closeSync(out);
renameSync(path + ".part", path);
