# To be sourced: a machine that is thrown away. Its disk is this machine's, with all changes kept in memory; its own systemd is
# process 1; it has no network but its own loopback. What can't be had here is told, and the test is skipped.
set -euo pipefail
fail() { echo "FAILED: $*" >&2; exit 1; }
skip() { echo "skipped: $*"; exit 77; }

# Namespaces of our own: whatever happens, nothing of the machine outlives this script.
if [ -z "${THROW_AWAY_MACHINE:-}" ]; then
  [ "$(id -u)" -eq 0 ] || skip "a machine in a container needs root"
  command -v systemd-nspawn >/dev/null || skip "there is no systemd-nspawn (Debian package systemd-container)"
  unshare --mount --pid --fork true 2>/dev/null || skip "this machine gives no namespaces"
  THROW_AWAY_MACHINE=yes exec unshare --mount --pid --fork --kill-child --mount-proc --propagation private "$0" "$@"
fi

machine=$(mktemp -d "${TMPDIR:-/tmp}/testdome-sync-machine.XXXXXX")
nspawn=
finish() {
  [ -z "$nspawn" ] || kill -KILL "$nspawn" 2>/dev/null || true
  [ -z "$nspawn" ] || wait "$nspawn" 2>/dev/null || true
  umount -R "$machine" 2>/dev/null || true
  rmdir "$machine" 2>/dev/null || true
}
trap finish EXIT

mount -t tmpfs machine "$machine"
mkdir "$machine"/{changes,work,root}
mount -t overlay machine -o "lowerdir=/,upperdir=$machine/changes,workdir=$machine/work" "$machine/root" 2>/dev/null || skip "this machine mounts no overlay"
root=$machine/root
rm -f "$root/etc/machine-id" "$root/usr/sbin/policy-rc.d" # a policy of the builder's machine, which may forbid services
# What waits for a network would wait for ever.
mkdir -p "$root/etc/systemd/system"
for unit in systemd-networkd-wait-online NetworkManager-wait-online ifupdown-wait-online systemd-time-wait-sync; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit.service"
done

# Carries out a command in the machine.
inside() { nsenter -t "$init" -m -u -i -n -p -C -r -w -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive TERM=dumb "$@" </dev/null; }

boot() {
  systemd-nspawn --quiet --register=no --keep-unit --directory="$root" --boot --private-network --console=pipe systemd.unit=basic.target </dev/null >"$machine/console" 2>&1 &
  nspawn=$!
  for _ in $(seq 300); do
    kill -0 "$nspawn" 2>/dev/null || skip "systemd does not start in a container here: $(tail -n 3 "$machine/console")"
    init=$(pgrep -P "$nspawn" -x systemd || true)
    [ -z "$init" ] || case $(inside systemctl is-system-running 2>/dev/null || true) in running | degraded) return ;; esac
    sleep 0.1
  done
  skip "systemd does not come up in a container here: $(tail -n 3 "$machine/console")"
}

# Waits until a command succeeds. eventually WHAT COMMAND…
eventually() {
  local what=$1
  shift
  for _ in $(seq 600); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  fail "$what: $(inside journalctl -u testdome-sync -n 15 --no-pager 2>&1)"
}
