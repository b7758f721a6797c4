# How long the parts of a run took; sourced by lib.sh. A script that is called by another one writes into
# the table of that one.
# shellcheck shell=bash

# begin_times: from now on the table is printed when the script ends, however it ends.
# The name of the table is not YEYAK_...: the program refuses such variables that it does not know.
begin_times() {
    if [[ -n ${STAGE_TIMES:-} ]]; then return; fi
    STAGE_TIMES=$(mktemp)
    export STAGE_TIMES
    trap print_times EXIT
}

# timed STAGE STEP COMMAND...: runs the command, notes how it ended and how long it took.
timed() {
    local begin=$SECONDS status=0
    "${@:3}" || status=$?
    local ended=passed
    if ((status)); then ended=failed; fi
    printf '%s\t%s\t%s\t%d\n' "$1" "$2" "$ended" $((SECONDS - begin)) >>"$STAGE_TIMES"
    return "$status"
}

print_times() {
    awk -F '\t' '
        function time(s) { return sprintf("%3d min %02d s", s / 60, s % 60) }
        BEGIN { printf "\n" }
        { printf "  %-8s %-8s %-8s %s\n", $1, $2, $3, time($4); sum += $4 }
        END { printf "  %-26s %s\n", "together", time(sum) }' "$STAGE_TIMES" >&2
    rm -f "$STAGE_TIMES"
}
