# Sets and exports JAVA_HOME to a JDK of at least release 25, or ends the calling
# script with one line on stderr. Sourced by mvnw and olla; POSIX sh.
#
# Order: JAVA_HOME, then `java` on the PATH, then the places where installers put
# JDKs. Among those, 25 wins, then the lowest release above it. A JDK says its
# release in a file, so as a rule no JVM is started to find out.

# Prints the feature release (25) of the Java home $1, or nothing.
jdk_release() {
  version=
  if [ -r "$1/release" ]; then
    while IFS='=' read -r key value || [ -n "$key" ]; do
      [ "$key" != JAVA_VERSION ] || version=$value
    done <"$1/release"
  elif [ -x "$1/bin/java" ]; then
    version=$("$1/bin/java" -version 2>&1 </dev/null | sed -n 's/.* version "\([^"]*\)".*/\1/p')
  fi
  version=${version#\"}
  version=${version#1.}
  printf '%s' "${version%%[!0-9]*}"
}

# Prints the Java home that the command $1 belongs to, links and wrappers resolved.
jdk_home_of() {
  command=$1
  while [ -L "$command" ]; do
    link=$(readlink "$command")
    case $link in
    /*) command=$link ;;
    *) command=${command%/*}/$link ;;
    esac
  done
  home=${command%/*}/..
  if [ -r "$home/release" ] && [ -x "$home/bin/javac" ]; then
    (CDPATH= cd -P "$home" && pwd)
  else
    "$1" -XshowSettings:properties -version 2>&1 </dev/null | sed -n 's/^ *java\.home = //p'
  fi
}

# Sets `release` for the Java home $1 and notes what was seen; true when it can build and run Olla.
jdk_suits() {
  [ -x "$1/bin/java" ] || return 1
  release=$(jdk_release "$1")
  [ -n "$release" ] || return 1
  if [ "$release" -ge 25 ] && [ -x "$1/bin/javac" ]; then
    return 0
  fi
  real=$(CDPATH= cd -P "$1" && pwd)
  case $found, in
  *" in $real,"*) ;;
  *) found="${found:+$found, }$release$([ -x "$1/bin/javac" ] || printf ' without javac') in $real" ;;
  esac
  return 1
}

# Prints the path of a suitable JDK. Run in a subshell: its settings and variables stay there.
find_jdk() {
  set +efu
  found=
  if [ -n "$JAVA_HOME" ]; then
    if jdk_suits "$JAVA_HOME"; then
      (CDPATH= cd "$JAVA_HOME" && pwd)
      return
    fi
  fi
  on_path=$(command -v java)
  case $on_path in
  /*)
    on_path=$(jdk_home_of "$on_path")
    if [ -n "$on_path" ] && jdk_suits "$on_path"; then
      printf '%s\n' "$on_path"
      return
    fi
    ;;
  esac

  best=
  best_release=
  for home in \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/*jdk* /opt/java/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* \
    "$HOME"/.local/share/mise/installs/java/* "$HOME"/.gradle/jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec; do
    if jdk_suits "$home" && [ "$release" -lt "${best_release:-9999}" ]; then
      best=$home
      best_release=$release
    fi
  done
  if [ -z "$best" ] && [ -x /usr/libexec/java_home ]; then
    home=$(/usr/libexec/java_home -v 25 2>/dev/null)
    if [ -n "$home" ] && jdk_suits "$home"; then
      best=$home
    fi
  fi
  if [ -z "$best" ]; then
    printf 'olla needs a JDK 25 or newer; found: %s. Install one or set JAVA_HOME.\n' "${found:-none}" >&2
    return 1
  fi
  printf '%s\n' "$best"
}

JAVA_HOME=$(find_jdk) || exit 1
export JAVA_HOME
