// Rows (JSON lines of bench.mjs, dpvr bench engine and dpvr bench machine) → tables: medians with their ranges, and paired ratios.
//   node report.mjs FILE|-
import { readFileSync } from "node:fs";

const file = process.argv[2] === "-" ? 0 : process.argv[2];
const all = readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
const median = (values) => { const s = [...values].sort((a, b) => a - b); return (s[(s.length - 1) >> 1] + s[s.length >> 1]) / 2; };
const show = (values, digits) => `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;
const groupBy = (rows, key) => rows.reduce((groups, row) => groups.set(key(row), [...(groups.get(key(row)) ?? []), row]), new Map());

const machine = all.filter((r) => r.Processor !== undefined);
const rows = all.filter((r) => r.Processor === undefined).map((r) => r.engine
  ? { who: `llama.cpp ${r.model}${r.flash ? "" : ", no flash attention"}${r.tokensPerCall === 616 ? "" : `, ${r.tokensPerCall} tokens a call`}`, batch: r.batch, captions: r.captionsPerSecond, prefill: r.prefillTokensPerSecond, decode: r.decodeTokensPerSecond }
  : { who: `dpvr ${r.Routing}${(r.Dtype ?? "float32") === "float32" ? "" : `, ${r.Dtype}`}`, batch: r.Batch, captions: r.ImagesPerSecond, prefill: r.PrefillTokensPerSecond, decode: r.DecodeTokensPerSecond });

for (const name of ["SingleGflops", "PackedGflops", "HalfGflops", "ReadGigabytesPerSecond"]) {
  const values = machine.map((m) => m[name]).filter((value) => value !== undefined); // rows of older programs lack some
  if (values.length) console.log(`${name}: ${show(values, 1)}`);
}
if (machine.length) console.log(`${machine[0].Processor}, ${machine[0].Cores} cores\n`);

console.log("| batch | | captions/s | prefill tokens/s | decode tokens/s | runs |\n|---|---|---|---|---|---|");
for (const [, batch] of groupBy(rows, (r) => r.batch))
  for (const [who, runs] of groupBy(batch, (r) => r.who))
    console.log(`| ${runs[0].batch} | ${who} | ${show(runs.map((r) => r.captions), 3)} | ${show(runs.map((r) => r.prefill), 0)} | ${show(runs.map((r) => r.decode), 0)} | ${runs.length} |`);

const ours = new Set(rows.map((r) => r.who).filter((w) => w.startsWith("dpvr")));
if (!ours.size) process.exit(0);
console.log("\nRatios of captions/s, run by run:\n\n| batch | | " + [...ours].join(" | ") + " |\n|---|---|" + "---|".repeat(ours.size));
for (const [number, batch] of groupBy(rows, (r) => r.batch)) {
  const by = groupBy(batch, (r) => r.who);
  for (const [who, rival] of by) {
    if (ours.has(who)) continue;
    const ratios = [...ours].map((w) => (by.get(w) ?? []).slice(0, rival.length).map((r, i) => r.captions / rival[i].captions));
    console.log(`| ${number} | / ${who} | ${ratios.map((r) => (r.length ? show(r, 2) : "")).join(" | ")} |`);
  }
}
