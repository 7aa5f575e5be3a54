#!/bin/sh
# Unpacks the archive that `npm run package` made into an empty place and starts it there as root or as you: without Node, npm or clone in
# reach, and as root without any network but loopback.
set -eu
cd "$(dirname "$0")/../dist"
sha256sum -c SHA256SUMS
place=$(mktemp -d)
chmod 755 "$place"
server=
end() {
  if [ -n "$server" ]; then kill -INT "$(cat "$place/data/run/supervisor.pid")" 2>/dev/null || true; wait "$server" || true; fi
  rm -rf "$place"
}
trap end EXIT
tar -xzf claviger-*-linux-*.tar.gz -C "$place" --strip-components=1

run='cd / && exec env -i PATH=/usr/bin:/bin CLAVIGER_DATA="$0/data" CLAVIGER_HTTP_PORT=18890 CLAVIGER_SSH_PORT=12890 CLAVIGER_POSTGRES_PORT=12891 CLAVIGER_MYSQL_PORT=12892 CLAVIGER_SEAL=dev'
if [ "$(id -u)" -eq 0 ]; then
  unshare --net sh -c "ip link set lo up; $run \"\$0/claviger\" server" "$place" >"$place/said" 2>&1 &
else
  sh -c "$run \"\$0/claviger\" server" "$place" >"$place/said" 2>&1 &
fi
server=$!
tries=0
until grep -q 'Claviger is ready' "$place/said"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 120 ] || ! kill -0 "$server" 2>/dev/null; then cat "$place/said" >&2; exit 1; fi
  sleep 1
done
inside() { if [ "$(id -u)" -eq 0 ]; then nsenter --net --target "$(cat "$place/data/run/supervisor.pid")" "$@"; else "$@"; fi; }
inside env -i PATH=/usr/bin:/bin HOME="$place" CLAVIGER_SERVER=http://127.0.0.1:18890 "$place/claviger" status
if [ "$(id -u)" -eq 0 ]; then
  # who carries sessions, and who answers the API, cannot read the keeper's folder
  for uid in 64812 64813; do
    if setpriv --reuid "$uid" --regid 64810 --clear-groups ls "$place/data/keeper" 2>/dev/null; then echo "user $uid reads the keeper's folder" >&2; exit 1; fi
  done
fi
echo 'the package starts where nothing else is'
