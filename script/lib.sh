# What the scripts share; sourced, never run. Puts the caller into the root of the repository.
# shellcheck shell=bash

# Where the user is; paths on the command line start there.
# shellcheck disable=SC2034
called_from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# The sanitizers look for a program called llvm-symbolizer; Debian keeps that name in here.
PATH=$PATH:/usr/lib/llvm-19/bin

# Every argument is a line.
say() { printf '%s\n' "$@" >&2; }
die() {
    say "$@"
    exit 1
}

# shellcheck source=script/progress.sh
source script/progress.sh
# shellcheck source=script/times.sh
source script/times.sh

# Installs the Debian packages of these groups: build, tests, bench, lint, package.
install_missing() { script/bootstrap "$@"; }

# One job for a core, but not more than fit into memory at 1.5 GB each.
jobs() {
    local cores memory_kb fit
    cores=$(nproc)
    memory_kb=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
    if [[ -r /sys/fs/cgroup/memory.max ]] && [[ $(</sys/fs/cgroup/memory.max) != max ]]; then
        local limit_kb=$(($(</sys/fs/cgroup/memory.max) / 1024))
        memory_kb=$((limit_kb < memory_kb ? limit_kb : memory_kb))
    fi
    fit=$((memory_kb / 1500000))
    fit=$((fit < 1 ? 1 : fit))
    echo $((cores < fit ? cores : fit))
}

# configure FOLDER CMAKE-ARGUMENT...: only when the folder is new or the arguments have changed.
# Without other words the compiler is clang 19.
configure() {
    local folder=$1
    local compiler=(-DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19)
    local arguments="${compiler[*]} ${*:2}"
    local stamp=$folder/configured-with
    if [[ -e $folder/build.ninja && -e $stamp && $(<"$stamp") == "$arguments" ]]; then
        return
    fi
    say "Configuring $folder"
    # Another compiler needs a fresh cache; the objects that still fit stay.
    rm -f "$folder/CMakeCache.txt"
    cmake -S . -B "$folder" -G Ninja "${compiler[@]}" "${@:2}" >/dev/null
    printf '%s' "$arguments" >"$stamp"
}

build_release() {
    configure build -DCMAKE_BUILD_TYPE=Release
    compile build "$@"
}

# As far away as the packages of this machine.
# shellcheck disable=SC2016
mirror() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sed -n 1p; }

# debian_base SUITE FILE: a minimal Debian as an archive, unless it is there already. As root.
debian_base() {
    local key=/usr/share/keyrings/debian-archive-keyring.gpg log
    if [[ -f $2 ]]; then return; fi
    say "Installing a minimal Debian $1"
    log=$(mktemp)
    mmdebstrap --variant=apt "$1" "$2.new" "deb [signed-by=$key] $(mirror) $1 main" >"$log" 2>&1 || {
        tail -n 20 "$log" >&2
        die "mmdebstrap failed, see above."
    }
    rm "$log"
    mv "$2.new" "$2"
}

# The one that script/package made last; nothing when there is none.
newest_package() {
    if [[ -d build/package ]]; then
        find build/package -maxdepth 1 -name 'yeyak_*.deb' | sort -V | tail -n 1
    fi
}

# Before a first build: who has a package need not wait for it.
offer_package() {
    local package
    package=$(newest_package)
    if [[ -z $package || -e build/yeyak ]]; then return; fi
    say "There is a package, which needs no build: apt install ./$package" \
        "It serves on 127.0.0.1:8080, too, with its data in /var/lib/yeyak."
}

# The files of the repository that match, tracked or new, without deleted ones; one a line.
source_files() {
    local file
    git ls-files --cached --others --exclude-standard -- "$@" | sort -u | while read -r file; do
        if [[ -f $file ]]; then echo "$file"; fi
    done
}

cxx_files() { source_files '*.h' '*.cc'; }

# Every file that bash runs, whatever its name.
shell_files() {
    source_files script .ci bench tests deploy findings | while read -r file; do
        if [[ $file == *.sh ]] || head -n 1 "$file" | grep -qaE '^#!.*\b(ba)?sh\b'; then
            echo "$file"
        fi
    done
}
