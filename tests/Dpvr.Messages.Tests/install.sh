#!/usr/bin/env bash
# Installs what samples/messages/package-lock.json names into artifacts/messages, once: a second call sees the same lock file there and ends.
set -eu
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source=$here/../../samples/messages
target=$here/../../artifacts/messages
if [[ -f $target/installed ]] && cmp -s "$source/package-lock.json" "$target/installed"; then exit 0; fi
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "node and npm are needed for amqplib" >&2
    exit 1
fi
mkdir -p -- "$target"
cp -- "$source/package.json" "$source/package-lock.json" "$target/"
cd -- "$target"
npm ci --fetch-retries=1 --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >&2
cp -- package-lock.json installed
