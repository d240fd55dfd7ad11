#!/usr/bin/env bash
# Installs the package in a fresh Debian or Ubuntu in a folder, without a network for Python, and looks whether
# all is as it should be: the program answers, a removal keeps the data, a purge leaves nothing. Root only.
# KEYRING in the environment names the keys of another distribution.
# usage: tools/try_deb.sh PACKAGE [SUITE] [FOLDER]     SUITE is bookworm or noble; a FOLDER stays, with the
#                                                      package installed, for tools/try_systemd.sh
set -euo pipefail

package=$(realpath "${1:?package}")
suite=${2:-bookworm}
kept=${3:-}
case $suite in
noble) mirror=http://archive.ubuntu.com/ubuntu components=main,universe script=gutsy keys=ubuntu-archive-keyring ;;
*) mirror=http://deb.debian.org/debian components=main script=$suite keys=debian-archive-keyring ;;
esac

root=${kept:-$(mktemp -d)}
mkdir -p "$root"
chmod 755 "$root"
say() { printf '== %s (%s s)\n' "$*" "$SECONDS"; }
fail() {
    echo "FAILED: $*" >&2
    exit 1
}
within() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 LANGUAGE=en DEBIAN_FRONTEND=noninteractive "$@"; }
leave() {
    umount "$root/proc" "$root/dev" 2>/dev/null || true
    [[ -n $kept ]] || rm -rf --one-file-system "$root"
}
trap leave EXIT

if [[ ! -e $root/etc/os-release ]]; then
    debootstrap --variant=minbase --components="$components" --include=ca-certificates \
        --keyring="${KEYRING:-/usr/share/keyrings/$keys.gpg}" "$suite" "$root" "$mirror" "$script" >/dev/null
fi
say "a fresh $suite: $(du -sh "$root" | cut -f1)"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
cp /etc/resolv.conf "$root/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # no services: nothing has booted here
chmod 755 "$root/usr/sbin/policy-rc.d"
cp "$package" "$root/var/tmp/kiosk.deb"

within apt-get update --quiet=2
begun=$SECONDS
within apt-get install --yes --quiet=2 --no-install-recommends /var/tmp/kiosk.deb >"$root/var/tmp/apt.log" 2>&1 ||
    { tail -30 "$root/var/tmp/apt.log"; fail "apt-get install"; }
say "installed in $((SECONDS - begun)) s: $(du -sh "$root/opt/kiosk" | cut -f1) in /opt/kiosk"

owner() { within stat -c %U "$1"; }
[[ $(owner /etc/kiosk/kiosk.toml) == kiosk ]] || fail "kiosk.toml is not the kiosk's"
within test -L /etc/systemd/system/multi-user.target.wants/kiosk.target || fail "the hall does not start by itself"
within /opt/kiosk/current/bin/kiosk install --no-start >"$root/var/tmp/again"
cat "$root/var/tmp/again"
! grep -E '^  .*/(opt|etc|lib|usr|var)/' "$root/var/tmp/again" || fail "a second install changed something"
say "kiosk check, which root asks for and the kiosk's user does"
within kiosk check >"$root/var/tmp/check" 2>&1 || true
cat "$root/var/tmp/check"
grep -q "/etc/kiosk/kiosk.toml" "$root/var/tmp/check" || fail "kiosk check"
! grep -q Traceback "$root/var/tmp/check" || fail "kiosk check"
# A secret that only root may read opens nothing to the hall, and is told to root too.
printf 'a secret of the office\n' >"$root/etc/kiosk/mail.key"
chmod 600 "$root/etc/kiosk/mail.key"
cp -p "$root/etc/kiosk/kiosk.toml" "$root/var/tmp/kiosk.toml"
cat >"$root/var/tmp/alerts.py" <<'ALERTS'
import re, sys
path = "/etc/kiosk/kiosk.toml"
text = open(path, encoding="utf-8").read()
for key, value in (("to", '["a@example.vn"]'), ("from", '"k@example.vn"'), ("host", '"mail.example.vn"'),
                   ("user", '"k"'), ("password_file", '"mail.key"')):
    text, done = re.subn(rf"(?m)^email\.{key} = .*$", f"email.{key} = {value}", text)
    done == 1 or sys.exit(f"no email.{key}")
open(path, "w", encoding="utf-8").write(text)
ALERTS
within python3 /var/tmp/alerts.py
within kiosk check >"$root/var/tmp/check" 2>&1 || true
grep -q "chown kiosk" "$root/var/tmp/check" || fail "a secret that the hall cannot read is not told"
chown --reference="$root/etc/kiosk/kiosk.toml" "$root/etc/kiosk/mail.key"
within kiosk check >"$root/var/tmp/check" 2>&1 || true
! grep -q "chown kiosk" "$root/var/tmp/check" || fail "a secret that the hall can read is told"
cat "$root/var/tmp/kiosk.toml" >"$root/etc/kiosk/kiosk.toml"
printf '246813\n' | within kiosk clerk add lan --name "Nguyễn Thị Lan"
[[ $(owner /var/lib/kiosk/kiosk.db) == kiosk ]] || fail "the store is $(owner /var/lib/kiosk/kiosk.db)'s"
install -m 600 /dev/null "$root/srv/hoso.csv" # a file that only root may read
within kiosk import dossiers /srv/hoso.csv >"$root/var/tmp/import" 2>&1 || true
! grep -qiE "permission|not readable" "$root/var/tmp/import" || fail "$(cat "$root/var/tmp/import")"

say "kiosk run, without a screen"
within sh -c 'echo $$ >/var/tmp/run.pid; exec kiosk run' >"$root/var/tmp/run.log" 2>&1 &
running=$!
cat >"$root/var/tmp/ask.py" <<'ASK'
import json, sys, time, urllib.request
for _ in range(300):
    try:
        told = json.load(urllib.request.urlopen("http://127.0.0.1:8080/healthz", timeout=2))
        if any(device["name"] == "touch" for device in told["devices"]):
            sys.exit(print({device["name"]: device["state"] for device in told["devices"]}))
    except OSError:
        pass
    time.sleep(0.2)
sys.exit("no answer")
ASK
within python3 /var/tmp/ask.py || { tail -20 "$root/var/tmp/run.log"; fail "/healthz"; }
kill -TERM "$(cat "$root/var/tmp/run.pid")"
wait "$running" || fail "kiosk run ended with $?"

say "names of devices"
rules=$root/lib/udev/rules.d/70-motcua-kiosk.rules
[[ -s $rules ]] || fail "no rules for udev"
if within udevadm verify --help >/dev/null 2>&1; then
    within udevadm verify /lib/udev/rules.d/70-motcua-kiosk.rules
else
    # An older udev tells of a rule that it does not understand when it reads it.
    ! within udevadm test --action=add /sys/class/mem/null 2>&1 | grep motcua-kiosk | grep -i invalid || fail "a rule"
fi

say "the same package again, over an office that was set up"
echo "# Ours." >>"$root/etc/kiosk/kiosk.toml"
within apt-get install --yes --quiet=2 --reinstall /var/tmp/kiosk.deb >/dev/null 2>&1 || fail "a second time"
grep -q '^# Ours.$' "$root/etc/kiosk/kiosk.toml" || fail "kiosk.toml was written over"

if [[ -n $kept ]]; then
    say "stays in $root"
    exit 0
fi
within apt-get remove --yes --quiet=2 motcua-kiosk | grep kiosk || true
[[ -e $root/etc/kiosk/kiosk.toml && -e $root/var/lib/kiosk/kiosk.db ]] || fail "a removal took the data"
left=$(within sh -c 'find /lib/systemd /usr/lib/systemd /etc/systemd /etc/udev /lib/udev /usr/bin /opt -name "*kiosk*" 2>/dev/null || true')
[[ -z $left ]] || fail "a removal left $left"
say "removed, and the data is there"
within apt-get purge --yes --quiet=2 motcua-kiosk >/dev/null
left=$(within sh -c 'find / -xdev \( -name "*kiosk*" -o -name "motcua*" \) -not -name kiosk-shell.so -not -path "/var/tmp/*" -not -path "/proc/*" -not -path "/dev/*" -not -path "/var/log/*" -not -path "/var/cache/*" || true')
[[ -z $left ]] || fail "a purge left $left"
! within getent passwd kiosk || fail "a purge left the user"
say "purged, and nothing is left"
