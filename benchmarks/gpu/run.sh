#!/usr/bin/env bash
# Measures dpvr on a GPU machine that has only python3 with PyTorch (and, for the comparison, transformers), within a time limit.
#   benchmarks/gpu/run.sh ARCHIVE [--out FOLDER] [--seconds 540] [--batch-size "1 8 32 128 256 64 512"] [--runs 5] [--shape llava-7b] [--device cuda]
#   benchmarks/gpu/run.sh ARCHIVE --dry-run      the same with a tiny shape on the CPU
# FOLDER (default: $OUT, else gpu-results) gets rows.jsonl as they come, and report.md and report.json, made anew after every stage.
# DPVR_LIBTORCH names the folder of libtorch where it is not that of python3's torch.
set -uo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
begun=$SECONDS

die() { printf 'run.sh: %s\n' "$1" >&2; exit "${2:-1}"; }
out=${OUT:-gpu-results} limit=540 batches="1 8 32 128 256 64 512" runs=5 shape=llava-7b device=cuda archive=
while (($#)); do
    case $1 in
        --out | --seconds | --batch-size | --runs | --shape | --device) (($# > 1)) || die "$1 needs a value." 2 ;;&
        --out) out=$2; shift ;;
        --seconds) limit=$2; shift ;;
        --batch-size) batches=$2; shift ;;
        --runs) runs=$2; shift ;;
        --shape) shape=$2; shift ;;
        --device) device=$2; shift ;;
        --dry-run) shape=tiny device=cpu batches="1 2" runs=1 ;;
        -h | --help) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
        -*) die "unknown option $1; --help lists what is allowed." 2 ;;
        *) archive=$1 ;;
    esac
    shift
done
[[ -n $archive ]] || die "which archive? Make one with benchmarks/gpu/pack.sh." 2
[[ -f $archive ]] || die "$archive does not exist." 2
command -v python3 >/dev/null || die "python3 was not found."
mkdir -p -- "$out" || die "$out cannot be made."
out=$(cd -- "$out" && pwd -P)
rows=$out/rows.jsonl log=$out/log.txt

app=$(mktemp -d) || die "no temporary folder."
trap 'rm -rf -- "$app"' EXIT
python3 -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' "$archive" "$app" || die "$archive cannot be unpacked."
dpvr=$app/app/dpvr

if [[ -z ${DPVR_LIBTORCH:-} ]]; then
    DPVR_LIBTORCH=$(python3 -c 'import importlib.util, os; print(os.path.join(os.path.dirname(importlib.util.find_spec("torch").origin), "lib"))') ||
        die "python3 has no torch; set DPVR_LIBTORCH to a folder with libtorch_cpu.so."
fi
export DPVR_LIBTORCH DPVR_LIBTORCHSHARP=$app/app
# PyTorch's wheels keep CUDA's own libraries in packages beside it.
for folder in "$DPVR_LIBTORCH" "$DPVR_LIBTORCH"/../../nvidia/*/lib; do
    [[ -d $folder ]] && LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$folder
done
export LD_LIBRARY_PATH

left() { echo $((limit - (SECONDS - begun))); }
failures=0
stage() { # name seconds command...: what it prints are rows
    local name=$1 most=$2 rest code; shift 2
    rest=$(left)
    ((most = most < rest ? most : rest))
    if ((most < 10)); then printf '%s: left out, %d s remain\n' "$name" "$rest" | tee -a "$log" >&2; return 0; fi
    printf '%4d s  %s (at most %d s)\n' $((SECONDS - begun)) "$name" "$most" | tee -a "$log" >&2
    timeout -k 5 "$most" "$@" >>"$rows" 2>>"$log"
    code=$?
    if ((code == 124 || code == 137)); then printf '%s: stopped after %d s; its rows so far are kept\n' "$name" "$most" | tee -a "$log" >&2
    elif ((code != 0)); then ((failures++)); { printf '%s: exit code %d; the end of %s:\n' "$name" "$code" "$log"; tail -n 5 "$log"; } >&2; fi
    timeout 20 python3 "$here/report.py" "$rows" "$out" 2>>"$log" || ((failures++))
    return "$code"
}

printf 'libtorch: %s\n' "$DPVR_LIBTORCH" | tee -a "$log" >&2
common=(--device "$device" --json)
# Every symbol at once: a libtorch that the binding does not fit is found here and not in the middle.
stage symbols 90 env LD_BIND_NOW=1 "$dpvr" bench machine --device cpu --threads 2 --json || die "dpvr does not run with this libtorch; see $log."
stage machine 60 "$dpvr" bench machine "${common[@]}" || die "dpvr does not run on $device; see $log."
for batch in $batches; do
    stage "batch $batch" 150 "$dpvr" bench engine --shape "$shape" "${common[@]}" --batch-size "$batch" --images "$batch" --text-tokens 40 --new-tokens 64 --runs "$runs"
    # The rival's turn while time remains, right after the batches that matter most.
    if [[ $batch == 32 || $batch == "${batches##* }" ]] && [[ -z ${hf_done:-} ]]; then
        hf_done=yes
        if python3 -c 'import importlib.util, sys; sys.exit(not importlib.util.find_spec("transformers"))'; then
            stage "Hugging Face transformers" 150 python3 "$here/hf.py" --shape "$shape" --device "$device" --runs "$((runs < 3 ? runs : 3))"
        else
            printf 'Hugging Face transformers: left out, python3 has none\n' | tee -a "$log" >&2
        fi
    fi
done
cat -- "$out/report.md" && ((failures == 0))
