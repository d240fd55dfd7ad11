#!/usr/bin/env bash
# Boots systemd in a folder where the package is installed (tools/try_deb.sh keeps one), in namespaces of its
# own, and looks whether the hall runs under all that its units forbid. Nobody's session of the screens is
# touched: weston draws without a screen there. Root only.
# usage: tools/try_systemd.sh FOLDER [DROP-IN]     DROP-IN is added to each unit, such as to watch one setting
set -euo pipefail

root=$(realpath "${1:?folder}")
dropin=${2:-}
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
if [[ -n $dropin ]]; then
    for unit in windows web print keypads import public upkeep; do
        mkdir -p "$units/kiosk-$unit.service.d"
        cp "$dropin" "$units/kiosk-$unit.service.d/try.conf"
    done
fi
cat >"$report/look" <<'LOOK'
#!/bin/sh
cd /var/tmp/kiosk-try
started=$(date +%s%N)
for _ in $(seq 600); do
    curl -sf http://127.0.0.1:8080/healthz >healthz && break
    sleep 0.1
done
echo "web after $((($(date +%s%N) - started) / 1000000)) ms of looking" >facts
# Until the windows have told how they are.
for _ in $(seq 300); do
    grep -q '"board"' healthz && break
    sleep 0.2
    curl -sf http://127.0.0.1:8080/healthz >healthz
done
curl -s -X POST http://127.0.0.1:8080/api/tickets -H 'content-type: application/json' \
    -d '{"service": "A"}' >ticket
begun=$(systemctl show -P InactiveExitTimestampMonotonic kiosk-weston)
for unit in weston windows web print; do
    ready=$(systemctl show -P ActiveEnterTimestampMonotonic kiosk-$unit)
    echo "kiosk-$unit is ready $(((ready - begun) / 1000)) ms after the session of the screens began" >>facts
done
# One process after the other is killed; the web answers again, and all are there again.
for unit in windows web print weston; do
    before=$(systemctl show -P MainPID kiosk-$unit)
    kill -9 "$before"
    started=$(date +%s%N)
    for _ in $(seq 200); do
        now=$(systemctl show -P MainPID kiosk-$unit)
        [ "$now" != 0 ] && [ "$now" != "$before" ] && [ "$(systemctl is-active kiosk-$unit)" = active ] && break
        sleep 0.1
    done
    echo "kiosk-$unit killed, is $(systemctl is-active kiosk-$unit) again after $((($(date +%s%N) - started) / 1000000)) ms" >>facts
done
# Another screen in kiosk.toml: the session is set up anew.
sed -i '/^\[board\]/,/^screen = /s/^screen = .*/screen = "HDMI-A-2"/' /etc/kiosk/kiosk.toml
# And the pages for everybody, at a port that is not for everybody: their unit had nothing to do until now.
sed -i '/^\[public\]/,/^port = /{s/^enabled = .*/enabled = true/; s/^port = .*/port = 80/}' /etc/kiosk/kiosk.toml
for _ in $(seq 300); do
    curl -sf http://127.0.0.1/tra-cuu >public && break
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
systemctl list-units --all --no-pager --plain 'kiosk*' 'user@*' >units
systemctl status --no-pager --lines=0 'kiosk*' >status 2>&1
systemd-cgls --no-pager >tree 2>&1
for unit in kiosk-windows kiosk-web kiosk-print; do
    grep -E 'NoNewPrivs|Seccomp:|CapBnd' "/proc/$(systemctl show -P MainPID $unit)/status" | paste -s | sed "s/^/$unit /" >>facts
done
curl -sf http://127.0.0.1:8080/healthz >healthz-after
as_kiosk() { setpriv --reuid=kiosk --regid=kiosk --init-groups "$@"; }
login=org.freedesktop.login1
echo "may the kiosk's user shut down? $(as_kiosk busctl call $login /org/freedesktop/login1 $login.Manager CanPowerOff)" >>facts
as_kiosk systemctl --no-ask-password stop ssh.service kiosk-web.service >refused 2>&1 && echo "the kiosk's user may stop units" >>facts
journalctl --no-pager --output=short-monotonic >journal
systemctl poweroff --force
LOOK
chmod 755 "$report/look"
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
    exec timeout --signal=KILL 240 unshare --mount --pid --fork --uts --ipc --net --cgroup \
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
cat "$report/facts" "$report/units" 2>/dev/null || true
say "the rest is in $report"
