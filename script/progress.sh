# How far a build is; sourced by lib.sh.
# shellcheck shell=bash

# What a file takes on a core where nothing was measured yet.
seconds_per_file=5

# seconds_to_compile FOLDER FILES JOBS: from what files took there before. What took less than half a
# second came out of ccache and tells nothing.
seconds_to_compile() {
    local log=/dev/null
    if [[ -e $1/.ninja_log ]]; then log=$1/.ninja_log; fi
    awk -v files="$2" -v jobs="$3" -v each="$seconds_per_file" '
        /\.o\t/ && $2 - $1 >= 500 { took += ($2 - $1) / 1000; counted++ }
        END { print int(files * (counted >= 20 ? took / counted : each) / jobs) }' "$log"
}

# about SECONDS: in words, not finer than it can be known.
about() {
    if (($1 >= 90)); then
        echo "about $((($1 + 30) / 60)) min"
    else
        echo "about $(($1 <= 10 ? 10 : ($1 + 5) / 10 * 10)) s"
    fi
}

# Whether a line of ninja is not worth showing.
is_noise() {
    case $1 in
        "@ "* | "ninja: Entering directory"* | "ninja: no work to do.") ;;
        *"Re-checking globbed directories"* | "-- GLOB mismatch"* | "-- Build files"*) ;;
        "-- Configuring done"* | "-- Generating done"*) ;;
        *) return 1 ;;
    esac
}

# seconds_left DONE FILES SECONDS: SECONDS[n] passed until n files were done. The last 30 count.
seconds_left() {
    local done=$1 files=$2
    local -n passed=$3
    local since=$((done > 30 ? done - 30 : 0))
    echo $(((passed[done] - passed[since]) * (files - done) / (done - since)))
}

# show_progress FILES: reads what ninja says with NINJA_STATUS="@ %e " (seconds) and shows how many
# files are compiled and the time left; on a terminal in one line, elsewhere once a minute. What is
# neither a step nor noise goes through.
show_progress() {
    local files=$1 line text done=0 shown=0 open=0
    local -a seconds=(0)
    while IFS= read -r line; do
        if [[ $line == "@ "*" Building C"* ]]; then
            done=$((done + 1))
            files=$((done > files ? done : files))
            text=${line#@ }
            seconds[done]=${text%%.*}
            text="  $done of $files files compiled"
            if ((done >= 10 && done < files)); then
                text+=", $(about "$(seconds_left "$done" "$files" seconds)") left"
            fi
            if [[ -t 2 ]]; then
                printf '\r%s\e[K' "$text" >&2
                open=1
            elif ((seconds[done] - shown >= 60)); then
                say "$text"
                shown=${seconds[done]}
            fi
        elif ! is_noise "$line"; then
            if ((open)); then say ""; fi
            open=0
            say "$line"
        fi
    done
    if ((open)); then say ""; fi
}

# files_to_compile FOLDER [TARGET...]. Ninja plans nothing when a plan may change by CMake running
# again; the copy does not know that it may.
files_to_compile() {
    cp "$1/build.ninja" "$1/plan.ninja"
    # What cannot be planned fails when it is built, where its reason is seen.
    ninja -C "$1" -f plan.ninja -n "${@:2}" 2>/dev/null | grep -c ' Building C' || true
}

run_ninja() { NINJA_STATUS="@ %e " ninja -C "$1" "${@:2}" 2>&1; }

# compile FOLDER [TARGET...]: says before a long build how long it will take, shows how far it is,
# and says nothing when there is nothing to do.
compile() {
    local files seconds jobs
    jobs=$(jobs)
    run_ninja "$1" build.ninja | show_progress 0 || return # takes in new files
    files=$(files_to_compile "$@")
    seconds=$(seconds_to_compile "$1" "$files" "$jobs")
    if ((seconds >= 30)); then
        say "Compiling $files files, $jobs at a time: $(about "$seconds"), less with a full ccache."
    fi
    run_ninja "$1" -j "$jobs" "${@:2}" | show_progress "$files"
}
