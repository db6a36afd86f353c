"""rows.jsonl → report.md and report.json: medians with ranges, time by part, model FLOP utilisation, ratios.

usage: report.py ROWS FOLDER
"""
import json
import os
import statistics
import subprocess
import sys

NOMINAL = {"H100": 989e12, "H200": 989e12}  # dense bfloat16, SXM, as the maker states it


def read(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            try:
                yield json.loads(line)
            except ValueError:
                continue  # a stage that was stopped leaves half a line


def device_name():
    try:
        asked = subprocess.run(["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"], capture_output=True, text=True, timeout=10, check=True)
        return asked.stdout.splitlines()[0]
    except (OSError, subprocess.SubprocessError, IndexError):
        return "no NVIDIA device"


def spread(values, digits=2):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def main():
    source, folder = sys.argv[1:3]
    rows = list(read(source))
    machines = [r for r in rows if "HalfGflops" in r]
    groups = {}
    for row in rows:
        if "Routing" in row:
            groups.setdefault((row["Batch"], "dpvr " + row["Routing"]), []).append(row)
        elif row.get("engine") == "transformers" and "images_per_second" in row:
            groups.setdefault((row["batch"], "transformers"), []).append(row)
    name = device_name()
    nominal = next((v for k, v in NOMINAL.items() if k in name), None)
    measured = machines[-1]["HalfGflops"] * 1e9 if machines else None

    lines = [f"Device: {name}"]
    for m in machines:
        lines.append(f"- {m['Device']}: bfloat16 {m['HalfGflops'] / 1e3:.1f} TFLOP/s, float32 {m['SingleGflops'] / 1e3:.1f} TFLOP/s, reading {m['ReadGigabytesPerSecond']:.0f} GB/s")
    lines += ["", "| batch | | images/s | runs | vision s | rest of prefill s | decode s | between s | FLOP use, nominal | FLOP use, of measured products |", "|" + "---|" * 10]
    result = []
    for (batch, who), group in sorted(groups.items()):
        entry = {"batch": batch, "who": who, "runs": len(group)}
        cells = ["", "", "", "", "", ""]
        if who == "transformers":
            rates = [r["images_per_second"] for r in group]
        else:
            rates = [r["ImagesPerSecond"] for r in group]
            parts = {part: statistics.median(r[key] for r in group) for part, key in
                     (("vision", "VisionSeconds"), ("prefill", "PrefillSeconds"), ("decode", "DecodeSeconds"), ("between", "OtherSeconds"))}
            parts["prefill"] -= parts["vision"]
            rate = statistics.median(r["Images"] * (r["PrefillFlops"] + r["DecodeFlops"]) / r["Seconds"] for r in group)
            entry.update(seconds=parts, flops=rate, key_value_bytes=group[0]["KeyValueBytes"])
            cells = [f"{parts[p]:.3f}" for p in ("vision", "prefill", "decode", "between")]
            cells += [f"{rate / peak:.1%}" if peak else "" for peak in (nominal, measured)]
        entry.update(images_per_second=statistics.median(rates), least=min(rates), most=max(rates))
        result.append(entry)
        lines.append(f"| {batch} | {who} | {spread(rates)} | {len(group)} | " + " | ".join(cells) + " |")

    best = {}
    for entry in result:
        if entry["who"] not in best or entry["images_per_second"] > best[entry["who"]]["images_per_second"]:
            best[entry["who"]] = entry
    ratios = {f"{a} / {b}": best[a]["images_per_second"] / best[b]["images_per_second"]
              for a in best for b in best if a != b and a.startswith("dpvr") and not (a == "dpvr dense" and b.startswith("dpvr"))}
    if best:
        lines += ["", "Each at its best batch: " + ", ".join(f"{w} {e['batch']}" for w, e in best.items()) + "."]
        lines += [f"- {pair}: {value:.2f}" for pair, value in ratios.items()]
    write(folder, "report.md", "\n".join(lines) + "\n")
    write(folder, "report.json", json.dumps({"device": name, "machine": machines, "rows": result, "ratios": ratios}, indent=1))


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path + ".part", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".part", path)


main()
