#!/usr/bin/env bash
# Boots systemd in a folder where the package is installed (tools/try_deb.sh keeps one), in namespaces of its
# own, and looks whether the hall runs under all that its units forbid. Nobody's session of the screens is
# touched: weston draws without a screen there. Fails where something is not as it should be. Root only.
# usage: tools/try_systemd.sh FOLDER [BUNDLES]     BUNDLES is a folder with bad.bundle, whose web ends at once,
#                                                  good.bundle, and key.pem, whose bundles the machine shall take:
#                                                  python -m tests.e2e.next_versions makes one
set -euo pipefail

root=$(realpath "${1:?folder}")
bundles=${2:-}
report=$root/var/tmp/kiosk-try
units=$root/etc/systemd/system

say() { printf '== %s\n' "$*"; }

# A machine that boots without screens, with one unit that looks and reports and switches it off.
rm -rf "$report" "$root"/var/log/journal/* "$units"/kiosk-*.service.d/try.conf && mkdir -p "$report" "$units/kiosk-weston.service.d" "$units/multi-user.target.wants"
cat >"$units/kiosk-weston.service.d/try.conf" <<'UNIT'
[Unit]
ConditionPathExists=
[Service]
ExecStart=
ExecStart=/usr/bin/weston --config=/var/lib/kiosk/weston.ini --socket=/run/kiosk-weston/wayland-0 --modules=systemd-notify.so --backend=headless-backend.so --width=1080 --height=1920
ExecStartPost=
TTYPath=
StandardInput=null
UtmpIdentifier=
TTYReset=no
TTYVHangup=no
TTYVTDisallocate=no
Environment=XDG_RUNTIME_DIR=/run/kiosk-weston
UNIT
if [[ -n $bundles ]]; then
    cp "$bundles"/{bad,good}.bundle "$bundles/key.pem" "$report/"
fi
cat >"$report/ask" <<'ASK'
#!/usr/bin/python3
import json, sys, urllib.request
path, data = sys.argv[1], sys.argv[2].encode() if len(sys.argv) > 2 else None
asked = urllib.request.Request(f"http://127.0.0.1{path}", data, {"content-type": "application/json"})
try:
    print(urllib.request.urlopen(asked, timeout=5).read().decode())
except OSError as error:
    sys.exit(str(error))
ASK
cat >"$report/look" <<'LOOK'
#!/bin/sh
cd /var/tmp/kiosk-try
started=$(date +%s%N)
for _ in $(seq 600); do
    ./ask :8080/healthz 2>/dev/null >healthz && break
    sleep 0.1
done
echo "web after $((($(date +%s%N) - started) / 1000000)) ms of looking" >facts
# Until the windows have told how they are.
for _ in $(seq 300); do
    grep -q '"board"' healthz && break
    sleep 0.2
    ./ask :8080/healthz 2>/dev/null >healthz
done
take() { ./ask :8080/api/tickets '{"service": "A"}' | sed -E 's/.*"number":"([^"]*)".*/\1/'; }
take >ticket
begun=$(systemctl show -P InactiveExitTimestampMonotonic kiosk-weston)
for unit in weston windows web print; do
    ready=$(systemctl show -P ActiveEnterTimestampMonotonic kiosk-$unit)
    echo "kiosk-$unit is ready $(((ready - begun) / 1000)) ms after the session of the screens began" >>facts
done
# One process after the other is killed; the web answers again, and all are there again.
pictures() { journalctl --no-pager --output=cat --unit=kiosk-windows | grep -c "first frame of TouchWindow"; }
for unit in windows web print weston; do
    before=$(systemctl show -P MainPID kiosk-$unit) seen=$(pictures)
    kill -9 "$before"
    started=$(date +%s%N)
    for _ in $(seq 200); do
        now=$(systemctl show -P MainPID kiosk-$unit)
        [ "$now" != 0 ] && [ "$now" != "$before" ] && [ "$(systemctl is-active kiosk-$unit)" = active ] && break
        sleep 0.1
    done
    echo "kiosk-$unit killed, is $(systemctl is-active kiosk-$unit) again after $((($(date +%s%N) - started) / 1000000)) ms" >>facts
    case $unit in
    windows | weston)
        for _ in $(seq 200); do
            [ "$(pictures)" -gt "$seen" ] && break
            sleep 0.1
        done
        [ "$(pictures)" -gt "$seen" ] &&
            echo "kiosk-$unit killed, the touch window is there again after $((($(date +%s%N) - started) / 1000000)) ms" >>facts
        ;;
    esac
done
# Another screen in kiosk.toml: the session is set up anew.
sed -i '/^\[board\]/,/^screen = /s/^screen = .*/screen = "HDMI-A-2"/' /etc/kiosk/kiosk.toml
# And the pages for everybody, at a port that is not for everybody: their unit had nothing to do until now.
sed -i '/^\[public\]/,/^port = /{s/^enabled = .*/enabled = true/; s/^port = .*/port = 80/}' /etc/kiosk/kiosk.toml
for _ in $(seq 300); do
    ./ask /tra-cuu 2>/dev/null >public && break
    sleep 0.1
done
echo "the pages for everybody answer at port 80 with $(wc -c <public) bytes" >>facts
for _ in $(seq 100); do
    grep -q HDMI-A-2 /var/lib/kiosk/weston.ini && break
    sleep 0.1
done
grep -H HDMI-A-2 /var/lib/kiosk/weston.ini >>facts
sleep 5
kiosk check >check 2>&1
# The command on a machine that runs: nothing to do, and a unit that somebody spoilt.
kiosk install >install-again 2>&1 || echo "kiosk install ended with $?" >>facts
echo spoilt >>/lib/systemd/system/kiosk-config.path
kiosk install >install-mended 2>&1 || echo "kiosk install ended with $?" >>facts
! grep -q spoilt /lib/systemd/system/kiosk-config.path || echo "a unit stays spoilt" >>facts
systemctl list-units --all --no-pager --plain 'kiosk*' 'user@*' >units
systemctl status --no-pager --lines=0 'kiosk*' >status 2>&1
systemd-cgls --no-pager >tree 2>&1
for unit in kiosk-windows kiosk-web kiosk-print; do
    grep -E 'NoNewPrivs|Seccomp:|CapBnd' "/proc/$(systemctl show -P MainPID $unit)/status" | paste -s | sed "s/^/$unit /" >>facts
done
./ask :8080/healthz 2>/dev/null >healthz-after
as_kiosk() { setpriv --reuid=kiosk --regid=kiosk --init-groups "$@"; }
login=org.freedesktop.login1
echo "may the kiosk's user shut down? $(as_kiosk busctl call $login /org/freedesktop/login1 $login.Manager CanPowerOff)" >>facts
as_kiosk systemctl --no-ask-password stop ssh.service kiosk-web.service >refused 2>&1 && echo "the kiosk's user may stop units" >>facts
# An update that does not do, one that does, and that nobody's number is lost.
if [ -e good.bundle ]; then
    kiosk install --update-key key.pem --no-start >/dev/null
    version() { readlink /opt/kiosk/current | sed 's|versions/||'; }
    running() { grep -o '/opt/kiosk/versions/[^/]*' "/proc/$(systemctl show -P MainPID kiosk-web)/maps" | sort -u | head -1; }
    was=$(version)
    for bundle in bad good; do
        before=$(take) web=$(systemctl show -P MainPID kiosk-web)
        kiosk update $bundle.bundle >update-$bundle 2>&1
        echo "update to the $bundle version ended with $?: $was, now $(version); its web is $(running)" >>facts
        [ "$web" != "$(systemctl show -P MainPID kiosk-web)" ] || echo "the hall was not started anew" >>facts
        for _ in $(seq 300); do
            after=$(take) && break
            sleep 0.1
        done
        echo "the number before it $before, after it $after" >>facts
    done
    kiosk check >check-updated 2>&1
fi
journalctl --no-pager --output=short-monotonic >journal
systemctl poweroff --force
LOOK
chmod 755 "$report"/{look,ask}
cat >"$units/kiosk-try.service" <<'UNIT'
[Unit]
After=kiosk-web.service kiosk-windows.service
[Service]
Type=simple
ExecStart=/var/tmp/kiosk-try/look
UNIT
ln -sf ../kiosk-try.service "$units/multi-user.target.wants/kiosk-try.service"

# A part of the second hierarchy of control groups that is systemd's alone.
groups=$(findmnt --noheadings --output TARGET --types cgroup2 | head -1)
group=$groups/kiosk-try-$$
mkdir "$group"
trap 'find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null || true' EXIT
say "booting $root"
export ROOT=$root
(
    echo "$BASHPID" >"$group/cgroup.procs"
    exec timeout --signal=KILL 900 unshare --mount --pid --fork --uts --ipc --net --cgroup \
        --propagation private --kill-child bash -c '
        set -e
        mount --bind "$ROOT" "$ROOT"
        cd "$ROOT"
        mount -t proc proc proc
        mount -t sysfs -o ro sysfs sys
        mount -t cgroup2 cgroup2 sys/fs/cgroup 2>/dev/null || { mount -t tmpfs tmpfs sys/fs; mkdir sys/fs/cgroup; mount -t cgroup2 cgroup2 sys/fs/cgroup; }
        mount -t tmpfs -o mode=755 tmpfs run
        umount dev 2>/dev/null || true
        mount -t tmpfs -o mode=755 tmpfs dev
        mkdir dev/pts dev/shm
        mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
        mount -t tmpfs -o mode=1777 tmpfs dev/shm
        ln -s pts/ptmx dev/ptmx
        ln -s /proc/self/fd dev/fd
        for node in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9" "tty 5 0"; do
            set -- $node
            mknod -m 666 "dev/$1" c "$2" "$3"
        done
        mkdir -p .old
        pivot_root . .old
        umount -l /.old
        exec env -i container=try PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --unit=multi-user.target --log-level=warning >/dev/null 2>&1'
) || true
say "what it said"
cat "$report/facts" "$report/units" || { echo "FAILED: it told nothing"; exit 1; }
say "the rest is in $report"
failed=0
holds() { # holds WHAT TEXT: a line of the facts that must be there
    grep -qE "$2" "$report/facts" || { echo "FAILED: $1"; failed=1; }
}
ticket=$(cat "$report/ticket")
[[ $ticket == A* ]] || { echo "FAILED: a number"; failed=1; }
soon() { # soon WHAT MOST PATTERN: the milliseconds of such a line, at most so many
    ms=$(sed -nE "s/^$3 ([0-9]+) ms.*/\1/p" "$report/facts" | head -1)
    [[ -n $ms ]] && ((ms <= $2)) || { echo "FAILED: $1 after ${ms:-–} ms"; failed=1; }
}
for unit in windows web print weston; do
    soon "kiosk-$unit comes back" 5000 "kiosk-$unit killed, is active again after"
done
for unit in windows weston; do
    soon "the touch window after kiosk-$unit" 5000 "kiosk-$unit killed, the touch window is there again after"
done
soon "the touch window" 3000 "kiosk-windows is ready"
holds "the pages for everybody" "port 80 with [1-9][0-9]{3,} bytes"
holds "other screens" "name=HDMI-A-2"
holds "switching the machine off" 's "yes"'
! grep -qE "may stop units|kiosk install ended|not started anew|stays spoilt" "$report/facts" || { echo "FAILED: see the facts"; failed=1; }
if [[ -n $bundles ]]; then
    was=$(sed -nE 's/^update to the bad version .*: ([^,]*), now .*/\1/p' "$report/facts")
    holds "the way back" "the bad version ended with 1: $was, now $was;"
    read -r numbers < <(sed -nE 's/^the number before it A0*([0-9]+), after it A0*([0-9]+)$/\1 \2/p' "$report/facts" | paste -sd' ')
    read -r one two three four <<<"$numbers"
    ((two == one + 1 && three == two + 1 && four == three + 1)) || { echo "FAILED: numbers $numbers"; failed=1; }
    holds "the way forward" "the good version ended with 0: $was, now [^;]*; its web is /opt/kiosk/versions/[^ ]+"
fi
exit "$failed"
