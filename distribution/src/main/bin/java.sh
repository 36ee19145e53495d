# Sourced by the commands in bin/: sets $home, $lib, $natives, $java and $quiet. A JDK or JRE 25 or later is found in this order:
# $TOKEND_JAVA_HOME, $JAVA_HOME, what `java` on the PATH is, /usr/lib/jvm.
home=$(CDPATH='' cd -- "$(dirname -- "$self")/.." && pwd -P)
lib=$home/lib
case $(uname -m) in
    x86_64) natives=$lib/native/amd64 ;;
    aarch64) natives=$lib/native/aarch64 ;;
    *) natives=$lib/native ;;
esac

# Reads the release file, which is quicker than starting a JVM to ask it.
java_major() {
    [ -r "$1/release" ] || return 1
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [ -n "$version" ] && [ "$version" -ge 25 ] && [ -x "$1/bin/java" ]
}

find_java() {
    if [ -n "${TOKEND_JAVA_HOME:-}" ]; then
        java_major "$TOKEND_JAVA_HOME" && java=$TOKEND_JAVA_HOME/bin/java && return 0
        echo "$(basename -- "$self"): TOKEND_JAVA_HOME=$TOKEND_JAVA_HOME is not a JDK 25 or later" >&2
        exit 69
    fi
    [ -n "${JAVA_HOME:-}" ] && java_major "$JAVA_HOME" && java=$JAVA_HOME/bin/java && return 0
    on_path=$(command -v java 2>/dev/null) && on_path=$(readlink -f -- "$on_path") && on_path=${on_path%/bin/java} &&
        java_major "$on_path" && java=$on_path/bin/java && return 0
    for candidate in /usr/lib/jvm/*; do
        java_major "$candidate" && java=$candidate/bin/java && return 0
    done
    echo "$(basename -- "$self"): no Java 25 or later found; install one (Debian: apt-get install openjdk-25-jre-headless, where your release has it) or set TOKEND_JAVA_HOME" >&2
    exit 69
}
find_java

# A cache that another JDK made is passed over; the JVM's own log would say so on standard output.
quiet=-Xlog:disable
