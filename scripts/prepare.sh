# Sourced by ./test and ./quickstart: finds what they need and installs what is missing.

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 69; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null; then
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else
        die "cannot install packages: not root, and sudo is not there. Run as root: $*"
    fi
}

# install_missing PACKAGE...: only asks apt for what dpkg does not have, so that a prepared machine needs no network.
install_missing() {
    missing=
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || die "these Debian packages are needed, and there is no apt-get to install them:$missing"
    say "Installing:$missing"
    as_root apt-get update -qq || die "apt-get update failed"
    # shellcheck disable=SC2086
    as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null || die "apt-get could not install:$missing"
}

# jdk_home MAJOR EXACT|OR_LATER: prints the home of an installed JDK (with javac), or nothing.
jdk_home() {
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* "$(dirname "$(dirname "$(readlink -f "$(command -v javac)")" 2>/dev/null)" 2>/dev/null)"; do
        [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ] && [ -r "$candidate/release" ] || continue
        major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release")
        [ -n "$major" ] || continue
        if [ "$major" -eq "$1" ] || { [ "$2" = OR_LATER ] && [ "$major" -gt "$1" ]; }; then
            readlink -f "$candidate"
            return 0
        fi
    done
    return 0
}

need_build_tools() {
    command -v mvn >/dev/null || install_missing maven
    if [ -z "$(jdk_home 25 OR_LATER)" ]; then
        if apt-cache policy openjdk-25-jdk-headless 2>/dev/null | grep -q 'Candidate: [0-9]'; then
            install_missing openjdk-25-jdk-headless
        else
            as_root apt-get update -qq >/dev/null 2>&1 || true
            if apt-cache policy openjdk-25-jdk-headless 2>/dev/null | grep -q 'Candidate: [0-9]'; then
                install_missing openjdk-25-jdk-headless
            fi
        fi
    fi
    [ -n "$(jdk_home 25 OR_LATER)" ] ||
        die "no JDK 25 found, and this Debian release has no package openjdk-25-jdk-headless. Install a JDK 25 under /usr/lib/jvm, or set JAVA_HOME to one."
}
