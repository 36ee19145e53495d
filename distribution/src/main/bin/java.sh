# Sourced by the commands in bin/, which set $self to their own real path: sets $home, $lib, $java, $version and $quiet. A JDK or JRE
# 25 or later is found in this order: $TOKEND_JAVA_HOME, $JAVA_HOME, what `java` on the PATH is, /usr/lib/jvm. Each program that a
# shell starts costs a millisecond or two of every command, so it does itself what it can.
home=${self%/bin/*}
lib=$home/lib

# Those for the machine that the JVM is made for.
find_natives() {
    case ${arch:-$(uname -m)} in
        x86_64 | amd64) natives=$lib/native/amd64 ;;
        aarch64) natives=$lib/native/aarch64 ;;
        *) natives=$lib/native ;;
    esac
}

# The one jar of that name, whatever its version.
find_jar() {
    for jar in "$lib/$1"-[0-9]*.jar; do :; done
}

# Reads the release file, which is quicker than starting a JVM to ask it.
java_major() {
    [ -r "$1/release" ] || return 1
    version=
    arch=
    while IFS='=' read -r name value; do
        value=${value#\"}
        case $name in
            JAVA_VERSION) version=${value%%[!0-9]*} ;;
            OS_ARCH) arch=${value%\"} ;;
        esac
    done <"$1/release"
    [ -n "$version" ] && [ "$version" -ge 25 ] && [ -x "$1/bin/java" ]
}

find_java() {
    if [ -n "${TOKEND_JAVA_HOME:-}" ]; then
        java_major "$TOKEND_JAVA_HOME" && java=$TOKEND_JAVA_HOME/bin/java && return 0
        echo "${self##*/}: TOKEND_JAVA_HOME=$TOKEND_JAVA_HOME is not a JDK 25 or later" >&2
        exit 69
    fi
    [ -n "${JAVA_HOME:-}" ] && java_major "$JAVA_HOME" && java=$JAVA_HOME/bin/java && return 0
    on_path=$(command -v java 2>/dev/null) && on_path=$(readlink -f -- "$on_path") && on_path=${on_path%/bin/java} &&
        java_major "$on_path" && java=$on_path/bin/java && return 0
    for candidate in /usr/lib/jvm/*; do
        java_major "$candidate" && java=$candidate/bin/java && return 0
    done
    echo "${self##*/}: no Java 25 or later found; install one (Debian: apt-get install openjdk-25-jre-headless, where your release has it) or set TOKEND_JAVA_HOME" >&2
    exit 69
}
find_java

# A cache that another JDK made is passed over; the JVM's own log would say so on standard output.
quiet=-Xlog:disable
