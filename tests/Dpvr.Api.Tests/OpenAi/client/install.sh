#!/usr/bin/env bash
# Installs OpenAI's client as package-lock.json names it into artifacts/openai, once: a second call sees the same lock file there and ends.
set -eu
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
target=$here/../../../../artifacts/openai
if [[ -f $target/installed ]] && cmp -s "$here/package-lock.json" "$target/installed"; then exit 0; fi
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "node and npm are needed for OpenAI's client" >&2
    exit 1
fi
mkdir -p -- "$target"
cp -- "$here/package.json" "$here/package-lock.json" "$target/"
cd -- "$target"
npm ci --fetch-retries=1 --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >&2
cp -- package-lock.json installed
