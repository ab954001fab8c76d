#!/bin/sh
# SPDX-License-Identifier: MIT
#
# clang (14.0.6, 16.0.6 and 19.1.7, as Debian 12 has them) with -fsanitize=thread turns an atomic load into a call of
# __tsan_atomic32_load, and leaves the load itself behind the call, as a plain instruction whose value nobody uses; with
# optimisation, too. A tool that watches the instructions of a program sees a plain read race with an atomic write, in a
# program without a race.
#
# Seen: "1 call, 1 plain load" for each. Fails if that changes. Needs apt-get, dpkg-deb and a network; installs nothing
# outside its own folder.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# VERSION PACKAGE-VERSION: the compiler, unpacked below ./VERSION.
fetch() {
    for name in clang-"$1" libclang-cpp"$1" libllvm"$1" libclang-common-"$1"-dev; do
        apt-get download -q "$name=$2" >fetch.log 2>&1 || { cat fetch.log >&2; exit 2; }
    done
    for package in ./*.deb; do
        dpkg-deb -x "$package" "$1"
    done
    rm -f ./*.deb
}

cat >load.c <<'C'
static _Atomic int flag;
int look(void) { return __c11_atomic_load(&flag, __ATOMIC_ACQUIRE); }
void set(void) { __c11_atomic_store(&flag, 1, __ATOMIC_RELEASE); }
C

# VERSION LEVEL: what becomes of the load.
count() {
    LD_LIBRARY_PATH="$1/usr/lib/x86_64-linux-gnu:$1/usr/lib/llvm-$1/lib" "$1/usr/lib/llvm-$1/bin/clang" \
        "-O$2" -fsanitize=thread -S load.c -o load.s
    sed -n '/^look:/,/^.Lfunc_end/p' load.s >look.s
    calls=$(grep -c '__tsan_atomic32_load' look.s || true)
    plain=$(grep -c 'movl.*flag(%rip), %e' look.s || true)
    echo "clang-$1 -O$2: $calls call, $plain plain load$([ "$plain" = 1 ] || echo s)"
}

fetch 14 1:14.0.6-12
fetch 16 1:16.0.6-15~deb12u1
fetch 19 1:19.1.7-3~deb12u1
for version in 14 16 19; do
    for level in 0 2; do
        count $version $level
    done
done | tee seen
cat >wanted <<'W'
clang-14 -O0: 1 call, 1 plain load
clang-14 -O2: 1 call, 1 plain load
clang-16 -O0: 1 call, 1 plain load
clang-16 -O2: 1 call, 1 plain load
clang-19 -O0: 1 call, 1 plain load
clang-19 -O2: 1 call, 1 plain load
W
cmp wanted seen
