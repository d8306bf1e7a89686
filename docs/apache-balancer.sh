#!/bin/sh
# Apache's mod_proxy_balancer for the provider `command` of bagboy-tui: `apache-balancer.sh status` and `… switch`.
#
# APACHE_INCLUDE   the file that this program writes; Apache's configuration includes it
# APACHE_BALANCER  the name behind balancer://
# APACHE_BLUE      address of the member of each slot, as http://127.0.0.1:8001
# APACHE_GREEN
# APACHE_MANAGER   address of the balancer-manager, as http://127.0.0.1:8080/balancer-manager
# APACHE_CONTROL   the program, with its options: apache2ctl where nothing is set
set -u
control=${APACHE_CONTROL:-apache2ctl}
header=X-Traffic-Revision

# Prints "revision blue-share green-share blue-state green-state", as the running server has them. The answer of an old
# worker has the old header, and the new members already: they stand in memory that all workers share.
running() {
  # Without a Referer of its own, the manager ignores ?xml=1.
  answer=$(curl -sSi --fail --noproxy '*' -H "Referer: $APACHE_MANAGER" "$APACHE_MANAGER?xml=1") || return 1
  printf '%s\n' "$answer" | tr -d '\r' | awk -v blue="$APACHE_BLUE" -v green="$APACHE_GREEN" -v header="$header" '
    function value(line) { gsub(/^[^>]*>|<.*$/, "", line); return line }
    tolower($1) == tolower(header ":") { revision = $2 }
    /<httpd:worker>/ { name = "" }
    /<httpd:name>/ { name = value($0) }
    /<httpd:loadfactor>/ { factor[name] = value($0) }
    /<httpd:status>/ { status[name] = value($0) }
    function share(name) { return status[name] ~ /Dis|Stop/ ? 0 : factor[name] }
    function state(name) {
      return status[name] ~ /Stop/ ? "stopped" : status[name] ~ /Err/ ? "down" : status[name] ~ /Ok/ ? "up" : "unknown"
    }
    END {
      if (!(blue in factor) || !(green in factor)) exit 1
      print (revision == "" ? "none" : revision), share(blue) + 0, share(green) + 0, state(blue), state(green)
    }' || { echo "the manager names no member $APACHE_BLUE or $APACHE_GREEN" >&2; return 1; }
}

# Prints "blue-share green-share" of the file.
written() {
  awk -v blue="$APACHE_BLUE" -v green="$APACHE_GREEN" '
    $1 == "BalancerMember" {
      share[$2] = 1
      for (place = 3; place <= NF; place++) if ($place ~ /^loadfactor=/) share[$2] = substr($place, 12)
      if ($0 ~ /status=\+[A-Z]*[DS]/) share[$2] = 0
    }
    END { print share[blue] + 0, share[green] + 0 }' "$APACHE_INCLUDE"
}

status() {
  state=$(running) || exit 1
  in_file=$(sed -n "s/.*$header \"\(.*\)\"/\1/p" "$APACHE_INCLUDE")
  set -- $state
  test "$1 $2 $3" = "${in_file:-none} $(written)" && settled=true || settled=false
  cat <<JSON
{"split":{"blue":$2,"green":$3},"settled":$settled,"revision":"$1 $2 $3 $4 $5","states":{"blue":"$4","green":"$5"}}
JSON
}

member() { # address, share
  test "$2" -gt 0 && echo "  BalancerMember $1 loadfactor=$2" || echo "  BalancerMember $1 loadfactor=1 status=+D"
}

switch() {
  state=$(running) || exit 1
  test "$state" = "$BAGBOY_IF_MATCH" || exit 10
  manager=/${APACHE_MANAGER#*://*/}
  cp -p "$APACHE_INCLUDE" "$APACHE_INCLUDE.before" || exit 1
  cat >"$APACHE_INCLUDE.new" <<CONF || exit 1
<Proxy balancer://$APACHE_BALANCER>
$(member "$APACHE_BLUE" "$BAGBOY_BLUE")
$(member "$APACHE_GREEN" "$BAGBOY_GREEN")
</Proxy>
<Location "$manager">
  Header always set $header "$(date +%s)-$$"
</Location>
CONF
  mv "$APACHE_INCLUDE.new" "$APACHE_INCLUDE" || exit 1
  # `graceful` reads the whole configuration first and refuses a wrong one; then the file must not stay for the next start.
  $control -k graceful && rm -f "$APACHE_INCLUDE.before" && return
  code=$?
  mv "$APACHE_INCLUDE.before" "$APACHE_INCLUDE"
  exit "$code"
}

case ${1:-} in
  status | switch) "$1" ;;
  *) echo "usage: $0 status|switch" >&2; exit 2 ;;
esac
