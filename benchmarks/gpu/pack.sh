#!/usr/bin/env bash
# Makes one archive for a GPU machine that has PyTorch and nothing else: dpvr with its .NET, without libtorch.
#   benchmarks/gpu/pack.sh [ARCHIVE]        default: artifacts/benchmarks/gpu/dpvr-gpu.tar.xz
# Needs the .NET SDK and xz. The archive holds benchmarks/gpu too: unpack it anywhere and start gpu/run.sh.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd -- "$here/../.." && pwd -P)
work=$root/artifacts/benchmarks/gpu
archive=${1:-$work/dpvr-gpu.tar.xz}
most=$((60 * 1000 * 1000))

die() { printf 'pack.sh: %s\n' "$*" >&2; exit 1; }
command -v dotnet >/dev/null || die "the .NET 10 SDK is needed (Ubuntu: sudo apt-get install dotnet-sdk-10.0)."
command -v xz >/dev/null || die "xz was not found (Ubuntu: sudo apt-get install xz-utils)."

# Build folders of its own: the backend is part of what restore writes down, and the working tree's stays as it is.
rm -rf -- "$work/dpvr-gpu"
dotnet publish "$root/src/Cli/Dpvr.Cli.csproj" -c Release -r linux-x64 --self-contained -p:TorchBackend=external -p:DebugType=none \
    --artifacts-path "$work/build" -o "$work/dpvr-gpu/app" -v quiet -nologo -nodeReuse:false -p:UseSharedCompilation=false </dev/null || die "dotnet publish failed."

version=$(sed -n 's|.*<TorchSharpVersion>\(.*\)</TorchSharpVersion>.*|\1|p' "$root/Directory.Packages.props")
packages=$(dotnet nuget locals global-packages --list) packages=${packages#*: }
binding=${packages%/}/torchsharp/$version/runtimes/linux-x64/native/libLibTorchSharp.so
[[ -f $binding ]] || die "$binding is missing although TorchSharp was restored."
cp -- "$binding" "$work/dpvr-gpu/app"
mkdir -p -- "$work/dpvr-gpu/gpu"
cp -- "$here"/*.py "$here/run.sh" "$work/dpvr-gpu/gpu"

tar -C "$work/dpvr-gpu" --sort=name --owner=0 --group=0 --mtime=@0 -cf - app gpu | xz -T0 "-${DPVR_PACK_LEVEL:-6}" >"$archive.part"
mv -- "$archive.part" "$archive"
size=$(stat -c %s "$archive")
((size <= most)) || die "$archive has $size bytes; $most are allowed."
printf '%s: %d bytes\n' "$archive" "$size"
