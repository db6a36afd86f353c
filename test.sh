#!/usr/bin/env bash
# Builds everything in Release and runs all tests. The last line is `N passed, N failed, N skipped`, summed over all projects;
# the exit code is 0 only when no test failed and at least one ran.
#   ./test.sh           all tests but the long soaks
#   ./test.sh --slow    the long soaks too (tests with the trait Category=Slow)
#   ./test.sh -- ...    what follows goes to the test programs, e.g. `./test.sh -- --filter-class "*KillTests"`
set -u
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd -P) || exit 1
cd -- "$root" || exit 1

slow=false
while (($#)); do
    case $1 in
        --slow) slow=true ;;
        --) shift; break ;;
        -h | --help) sed -n '2,6s/^# \{0,3\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
        *) printf 'test.sh: unknown option %s (allowed: --slow, --help, -- <options of the test programs>)\n' "$1" >&2; exit 2 ;;
    esac
    shift
done

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDTERMINALLOGGER=off

end() { # passed failed skipped
    printf '%d passed, %d failed, %d skipped\n' "$1" "$2" "$3"
    (($2 == 0 && $1 > 0)) && exit 0
    exit 1
}

if ! command -v dotnet >/dev/null || ! dotnet --version >/dev/null 2>&1; then
    echo "test.sh: the .NET 10 SDK is needed (Ubuntu: sudo apt-get install dotnet-sdk-10.0; others: https://dotnet.microsoft.com/download/dotnet/10.0)." >&2
    end 0 1 0
fi

# What the tests compare with, and the servers that they start: a command of it → the Debian/Ubuntu package that has it. Tests whose program is missing are
# skipped and say so.
declare -A needs=([spm_encode]=sentencepiece [redis-server]=redis-server [postgres]=postgresql [docker-compose]=docker-compose [faketime]=faketime [rabbitmq-server]=rabbitmq-server [amqp-publish]=amqp-tools [promtool]=prometheus [chromium]=chromium)
missing=()
has() { command -v "$1" >/dev/null || [[ -x /usr/sbin/$1 ]] || compgen -G "/usr/lib/postgresql/*/bin/$1" >/dev/null; }
for tool in "${!needs[@]}"; do has "$tool" || missing+=("${needs[$tool]}"); done
if ((${#missing[@]})); then
    as_root=
    if ((EUID != 0)); then as_root="sudo -n"; fi
    if command -v apt-get >/dev/null && { ((EUID == 0)) || sudo -n true 2>/dev/null; }; then
        echo "installing for the tests: ${missing[*]}"
        { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" ||
            { $as_root apt-get update -q && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; }; } </dev/null >/dev/null 2>&1 ||
            echo "could not install ${missing[*]}: the tests that need it are skipped. By hand: apt-get install ${missing[*]}"
    else
        echo "missing for some tests, which are skipped: ${missing[*]}. Install with: sudo apt-get install ${missing[*]}"
    fi
fi

# Azurite, the emulator of Azure Blob Storage, from npm into artifacts/azurite.
if [[ ! -f artifacts/azurite/installed ]]; then
    echo "installing for the tests: azurite"
fi
timeout 600 tests/Dpvr.TestKit/azurite/install.sh >/dev/null 2>&1 ||
    echo "could not install azurite: the tests that need it are skipped. By hand: tests/Dpvr.TestKit/azurite/install.sh"

# OpenAI's own client, which the tests of the HTTP API run, from npm into artifacts/openai.
timeout 600 tests/Dpvr.Api.Tests/OpenAi/client/install.sh >/dev/null 2>&1 ||
    echo "could not install openai (npm): the tests that need it are skipped. By hand: tests/Dpvr.Api.Tests/OpenAi/client/install.sh"

# amqplib, with which a test sends messages from Node, from npm into artifacts/messages.
timeout 600 tests/Dpvr.Messages.Tests/install.sh >/dev/null 2>&1 ||
    echo "could not install amqplib (npm): the test that needs it is skipped. By hand: tests/Dpvr.Messages.Tests/install.sh"

# No build servers: nothing may outlive this script and hold the pipe that a caller reads.
echo "building (Release) ..."
if ! dotnet build Dpvr.sln -c Release -v quiet -nologo -nodeReuse:false -p:UseSharedCompilation=false </dev/null; then
    echo "the build failed" >&2
    end 0 1 0
fi

log=$(mktemp) || exit 1
trap 'rm -f -- "$log"' EXIT
filter=(--filter-not-trait Category=Slow)
$slow && filter=()
# A project without a test that matches (exit code 8) is no failure; that none at all ran is one.
dotnet test --solution Dpvr.sln -c Release --no-build --no-ansi --no-progress --max-parallel-test-modules 2 \
    --ignore-exit-code 8 "${filter[@]}" "$@" </dev/null 2>&1 | tee "$log" | grep -v -E 'Zero tests ran|^Exit code: (0|8)$|^Running tests from|^ *from .*\.dll'
code=${PIPESTATUS[0]}

count() { sed -n "/^Test run summary/,\$s/^  $1: \([0-9]*\).*/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
passed=${passed:-0} failed=${failed:-0} skipped=${skipped:-0}

if ((skipped > 0)); then
    echo "skipped, with the reason:"
    awk '/^skipped /{name=$2; getline reason; sub(/^ +/, "", reason); print "  " name ": " reason}' "$log" | sort
fi
if ((code != 0 && failed == 0)); then
    echo "a test program ended with an error although no test of it failed (see above); counted as one failure."
    failed=1
elif ((passed + failed == 0)); then
    echo "no test ran."
fi
end "$passed" "$failed" "$skipped"
