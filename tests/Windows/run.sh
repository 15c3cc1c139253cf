#!/usr/bin/env bash
# Runs the Windows build of QueueLog under Wine: the tests of the folders below, but for those in excluded.txt, and Scene.ps1 in
# PowerShell for Windows. All it needs is laid out in output/wine, which is used again when it is there.
# The last line is "N passed, N failed, N skipped". A machine that cannot have Wine gets "skipped: REASON" before it, and exit code 0.
#
#   run.sh                 everything, within QUEUELOG_WINE_SECONDS (default: 720)
#   run.sh tests ARGS      the test program alone, with arguments of its own: --filter-class 'QueueLog.Tests.Wire.*'
#   run.sh pwsh ARGS       PowerShell for Windows alone: -File 'C:\ql\examples\quickstart.ps1'
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
wine=$root/output/wine
limit=${QUEUELOG_WINE_SECONDS:-720}

# Those that need no shell of Unix, no Python, and no engine in the test program itself.
folders=(Wire Formatting Pool.Scheduling Pool.State Diagnostics Native Records Client Transport Journal Sinks Listener Reading Reporting Queue Faults)

# Short, since Windows allows paths of 260 characters: C:\ql in the prefix.
copy=$wine/prefix/drive_c/ql
tests=tests/QueueLog.Tests/bin/Release/net10.0/QueueLog.Tests
program='C:\ql\'${tests//\//\\}.exe

passed=0
failed=0
skipped=0

finish() {
    # The first line is for .ci/run, which adds up the counts of several programs.
    echo "Wine passed: $passed, Wine failed: $failed, Wine skipped: $skipped"
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
    exit
}

fail() {
    echo "FAILED: $1"
    failed=$((failed + 1))
}

# Runs a command for no longer than is left of the time for everything.
within_limit() {
    local left=$((limit - SECONDS))
    timeout --kill-after 10 $((left > 1 ? left : 1)) "$@"
}

step() {
    echo "== $1 (after $SECONDS s)"
}

set_up() {
    local output status
    output=$(within_limit "$here/setup.sh" "$wine" 2>&1)
    status=$?
    [ $status -ne 3 ] || { echo "skipped: $(tail -n 1 <<<"$output")"; skipped=1; finish; }
    [ $status -eq 0 ] || { echo "$output"; fail "setting up Windows under Wine (exit code $status)"; finish; }
    . "$wine/environment"

    # What a run that was killed has left.
    wineserver --kill
    rm -rf "$wine"/prefix/drive_c/users/*/{Temp/*,AppData/Local/QueueLog}

    # The tests write nothing outside the prefix, and what looks at all drives and at a user's folders does not wander through this machine.
    rm -f "$wine/prefix/dosdevices/z:"
    find "$wine"/prefix/drive_c/users -mindepth 2 -type l -print0 | while IFS= read -r -d '' link; do
        rm "$link" && mkdir "$link"
    done
    trap 'wineserver --kill' EXIT
    trap 'exit 130' INT TERM
}

# A copy, because a build for Windows leaves nothing that works here; of what is or could be committed, as it stands. What a build left in it is used again.
copy_sources() {
    mkdir -p "$copy"
    find "$copy" \( -name bin -o -name obj -o -name output \) -prune -o -type f -exec rm -f {} +
    (cd "$root" && git ls-files -z --cached --others --exclude-standard --deduplicate | while IFS= read -r -d '' file; do
        [ ! -f "$file" ] || printf '%s\0' "$file"
    done | xargs -0 cp --parents --preserve=mode,timestamps -t "$copy")
}

# With PowerShell for Windows in output/pwsh. Images compiled ahead of time would be for the system that compiles, warnings are a
# matter of the build for this one, and the tests look for the programs they start in folders without the name of a system.
build() {
    (cd "$copy" && within_limit env -u DOTNET_ROOT dotnet build tests/QueueLog.Tests -c Release -nologo -v quiet \
        -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -p:AheadOfTime=false -p:EngineSystem=win -p:RuntimeIdentifier=win-x64 -p:SelfContained=false \
        -p:UseCurrentRuntimeIdentifier=false -p:AppendRuntimeIdentifierToOutputPath=false) || return

    # Without it a program hangs under Wine after the first exception that comes through reflection.
    local switch='"Switch.System.Reflection.ForceEmitInvoke": true'
    grep -q "$switch" "$copy/$tests.runtimeconfig.json" ||
        sed -i "s/\"configProperties\": {/&\n      $switch,/" "$copy/$tests.runtimeconfig.json"
}

# Runs the test program into a log: run_tests LOG ARGUMENTS. With a terminal, since a pwsh that it starts ends at once without one;
# and the log is a file, since whoever reads a pipe waits for the processes too that a killed test program leaves behind.
run_tests() {
    local log=$1 command status
    printf -v command '%q ' wine "$program" --output Detailed --no-ansi --progress off "${@:2}"
    (cd "$copy" && within_limit script -qec "$command >$(printf %q "$log.raw") 2>&1" /dev/null </dev/null)
    status=$?
    tr -d '\r' <"$log.raw" >"$log"
    rm "$log.raw"
    return $status
}

# Windows programs write to a terminal only as they would to one; what it takes to draw there is taken out again.
run_pwsh() {
    local arguments
    printf -v arguments '%q ' "$@"
    (cd "$copy" && within_limit script -qec "stty columns 250; wine 'C:\\ql\\output\\pwsh\\pwsh.exe' -NoProfile -NonInteractive $arguments" /dev/null </dev/null |
        sed -u 's/\x1b\[[0-9;?]*[a-zA-Z]//g; s/\x1b\][^\x07]*\x07//g; s/\r//g; /^wine: Read access denied/d')
}

# The tests that do not run here, one a line: "name: reason".
excluded() {
    sed -n 's/^\([A-Z][^:]*\): .*/\1/p' "$here/excluded.txt"
}

# Every name in the list is that of a test: a renamed one would silently run again, or its line stand for nothing.
check_excluded() {
    local name path
    for name in $(excluded); do
        path=$copy/tests/QueueLog.Tests/$(sed 's/\.[^.]*$//; s/\./\//g' <<<"$name").cs
        grep -qs " ${name##*.}(" "$path" || fail "excluded.txt names a test that is not there: $name"
    done
}

# The full names of the tests in a log of the test program that failed because Wine's CreateProcess did.
failed_to_start() {
    awk '/^(passed|failed|skipped) / { name = $1 == "failed" ? $2 : ""; sub(/\(.*/, "", name) } name && /Win32Exception/ && /Internal error/ { print name }' "$1" | sort -u
}

# Prints the counts of a log of the test program by folder, and what failed in it; adds them to the sum.
report() {
    local log=$1 folder counts
    sed -n '/^failed /,/^\(passed\|skipped\|Test run summary\|$\)/p' "$log" | grep -av '^\(passed\|skipped\|Test run summary\)'
    printf '%-16s %7s %7s %7s\n' folder passed failed skipped
    for folder in "${folders[@]}"; do
        counts=$(for outcome in passed failed skipped; do grep -ac "^$outcome QueueLog\.Tests\.$folder\." "$log"; done | paste -sd ' ')
        # shellcheck disable=SC2086
        printf '%-16s %7d %7d %7d\n' "$folder" $counts
        # shellcheck disable=SC2086
        set -- $counts
        passed=$((passed + $1))
        failed=$((failed + $2))
        skipped=$((skipped + $3))
    done
}

test_folders() {
    local log=$wine/tests.log status again namespaces=()
    for folder in "${folders[@]}"; do
        namespaces+=("QueueLog.Tests.$folder" "QueueLog.Tests.$folder.*")
    done

    local leave_out=()
    for name in $(excluded); do
        leave_out+=("QueueLog.Tests.$name")
    done

    # More than there are cores, because most of these wait for processes and timers.
    run_tests "$log" --max-threads 6 --filter-namespace "${namespaces[@]}" --filter-not-method "${leave_out[@]}"
    status=$?
    again=$(failed_to_start "$log")
    if [ -n "$again" ]; then
        echo "Wine could not start a process (Internal error); once more: $again"
        # shellcheck disable=SC2086
        run_tests "$log.again" --filter-method $again
        status=$?
        awk -v names="$again" 'BEGIN { split(names, list, "\n"); for (i in list) drop[list[i]] = 1 }
            /^(passed|failed|skipped) / { name = $2; sub(/\(.*/, "", name); dropped = name in drop } !dropped' "$log" >"$log.kept"
        cat "$log.kept" "$log.again" >"$log"
    fi

    report "$log"
    skipped=$((skipped + ${#leave_out[@]}))
    echo "and ${#leave_out[@]} that excluded.txt names"

    # What ends without a summary was killed, by the time limit or by itself.
    if ! grep -aq '^Test run summary' "$log"; then
        tail -n 5 "$log"
        fail "the test program did not end by itself (exit code $status)"
    fi
}

scene() {
    local log=$wine/scene.log
    run_pwsh -File 'C:\ql\tests\Windows\Scene.ps1' | tee "$log" | grep -a --line-buffered -v '^20[0-9-]* [0-9:,]* '
    if grep -aq 'Information Größe des Pools: 10$' "$log" && grep -aq 'worker 9 line 10 of 10$' "$log"; then
        echo 'passed scene: the console shows what is logged, also other letters than those of its code page' | tee -a "$log"
    else
        echo "failed scene: the console shows what is logged, also other letters than those of its code page: see $log" | tee -a "$log"
    fi

    passed=$((passed + $(grep -ac '^passed scene: ' "$log")))
    failed=$((failed + $(grep -ac '^failed scene: ' "$log")))
    grep -aq '^The scene is over\.' "$log" || fail 'the scene did not come to its end'
}

step 'Windows under Wine'
set_up
step 'a build for Windows'
copy_sources
build || { fail 'the build for Windows'; finish; }
case ${1:-all} in
    tests)
        run_tests "$wine/some-tests.log" "${@:2}"
        status=$?
        cat "$wine/some-tests.log"
        exit $status
        ;;
    pwsh) run_pwsh "${@:2}"; exit ;;
esac

check_excluded
step 'the scene in PowerShell for Windows'
scene
step 'the tests'
test_folders
step 'the end'
finish
