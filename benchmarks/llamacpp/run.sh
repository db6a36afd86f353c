#!/usr/bin/env bash
# Our engine against llama.cpp on this machine, shape S, by turns (what is compared: docs/benchmarks.md).
#   benchmarks/llamacpp/run.sh [--runs 5] [--batch-size "1 8 32"] [--models "F32 F16 BF16 Q8_0"] [--dtypes "float32"] [--threads 2]
#   benchmarks/llamacpp/run.sh --trial      every configuration of llama.cpp once, to see which is its best
#   benchmarks/llamacpp/run.sh --report     the table again
# Rows are added to artifacts/benchmarks/llamacpp/rows.jsonl; remove that file to begin anew. Needs Node.js 20 or newer with npm, and the .NET SDK.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd -- "$here/../.." && pwd -P)
work=$root/artifacts/benchmarks/llamacpp
rows=$work/rows.jsonl

die() { printf 'run.sh: %s\n' "$1" >&2; exit "${2:-1}"; }
for tool in node npm; do command -v "$tool" >/dev/null || die "$tool was not found (Ubuntu: sudo apt-get install nodejs npm)."; done

runs=5 batches="1 8 32" models="F32 F16 BF16 Q8_0" dtypes=float32 threads=2 action=compare
while (($#)); do
    case $1 in
        --runs | --batch-size | --models | --dtypes | --threads) (($# > 1)) || die "$1 needs a value." 2 ;;&
        --runs) runs=$2; shift ;;
        --batch-size) batches=$2; shift ;;
        --models) models=$2; shift ;;
        --dtypes) dtypes=$2; shift ;;
        --threads) threads=$2; shift ;;
        --trial) action=trial ;;
        --report) action=report ;;
        -h | --help) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
        *) die "unknown option $1; --help lists what is allowed." 2 ;;
    esac
    shift
done

mkdir -p -- "$work"
cp -- "$here"/*.mjs "$here"/package*.json "$work"
cd -- "$work"
[[ $action == report ]] && exec node report.mjs "$rows"

if [[ ! node_modules/.installed -nt $here/package-lock.json ]]; then
    # Its install script would look for a newer llama.cpp to build; the prebuilt one is what is measured. Not `npm ci`: the package names
    # optional ones that were never published, and a lock without them is refused there.
    npm install --no-save --ignore-scripts --omit=optional --no-audit --no-fund || die "npm could not install node-llama-cpp."
    touch node_modules/.installed
fi
for model in $models; do [[ -f shape-s-$model.gguf ]] || node gguf.mjs "$model" "shape-s-$model.gguf"; done

rival() { # model batch captions flash tokens-per-call
    node bench.mjs --model "shape-s-$1.gguf" --batch "$2" --captions "$3" --flash "$4" --tokens-per-call "$5" --threads "$threads"
}

if [[ $action == trial ]]; then
    for model in $models; do
        for flash in 0 1; do for call in 616 2048; do rival "$model" 8 8 "$flash" "$call"; done; done
    done | tee trial.jsonl | node report.mjs -
    exit
fi

export OMP_NUM_THREADS=$threads
"$root/dpvr" bench machine --json >>"$rows"
for ((run = 1; run <= runs; run++)); do
    for batch in $batches; do
        captions=$((batch < 4 ? 4 : batch))
        # What --trial found to be the best of each: F32 gains from several prompts in a call, the others lose by it.
        for model in $models; do rival "$model" "$batch" "$captions" 1 "$([[ $model == F32 ]] && echo 2048 || echo 616)" >>"$rows"; done
        for dtype in $dtypes; do "$root/dpvr" bench engine --shape s --saturation 7 --dtype "$dtype" --batch-size "$batch" --images "$captions" --runs 1 --json >>"$rows"; done
    done
    printf 'run %d of %d\n' "$run" "$runs" >&2
done
"$root/dpvr" bench machine --json >>"$rows"
node report.mjs "$rows"
