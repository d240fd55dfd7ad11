#!/usr/bin/env bash
# Builds the Debian package of a hall, by dpkg-deb alone: the files that kiosk install lays out, and all
# wheels for the Pythons of Debian 12 and Ubuntu 24.04. Its environment is made on the machine where it
# is installed, because it can neither be moved nor serve another Python.
# usage: tools/deb.sh PYTHON
set -euo pipefail

python=${1:?python}
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
architecture=$(dpkg --print-architecture)
root=build/deb/root
wheels=$root/opt/kiosk/wheels/$version
package=dist/motcua-kiosk_${version}_$architecture.deb

umask 022
rm -rf build/deb
mkdir -p "$root/DEBIAN" "$root/opt/kiosk/versions" "$root/usr/share/doc/motcua-kiosk"
tools/wheels.sh "$python" "$wheels" 3.11 3.12
"$python" -m kiosk install --root "$root" --packaged >/dev/null
cp LICENSE "$root/usr/share/doc/motcua-kiosk/copyright"
cp docs/install.md "$root/usr/share/doc/motcua-kiosk/"
gzip --best --no-name --stdout CHANGELOG.md >"$root/usr/share/doc/motcua-kiosk/changelog.gz"

# Ubuntu 24.04 gave some libraries another name, with t64 at its end.
depends=$(tools/system.sh list | sed -E 's/^(lib.*[0-9])$/\1 | \1t64/; s/^python3$/python3 (>= 3.11), python3 (<< 3.13)/' | paste -sd, | sed 's/,/, /g')
cat >"$root/DEBIAN/control" <<CONTROL
Package: motcua-kiosk
Version: $version
Architecture: $architecture
Maintainer: motcua-kiosk <motcua-kiosk@localhost>
Installed-Size: $(($(du -sk "$root" | cut -f1) + 650000))
Depends: $depends
Recommends: nftables
Suggests: postgresql-client, libusb-1.0-0
Section: misc
Priority: optional
Description: counter hall of a one-stop shop: tickets, calls, dossiers
 One program for the hall of a Vietnamese one-stop shop: citizens take a numbered
 ticket and read the status of their dossier, the hall sees and hears who is called,
 clerks call the next number.
CONTROL

cat >"$root/DEBIAN/postinst" <<POSTINST
#!/bin/sh
set -e
if [ "\$1" = configure ]; then
    before=\$(readlink /opt/kiosk/current 2>/dev/null || true)
    before=\${before##*/}
    wheels=/opt/kiosk/wheels/$version
    PYTHONPATH="\$wheels/motcua_kiosk-$version-py3-none-any.whl" PYTHONDONTWRITEBYTECODE=1 \\
        python3 -m kiosk.installation.version "\$wheels"
    "/opt/kiosk/versions/$version/bin/kiosk" install
    # The version before this one stays for the way back; those before that are nobody's any more.
    if [ -n "\$before" ] && dpkg --compare-versions "\$before" lt "$version"; then
        for old in /opt/kiosk/versions/*; do
            number=\${old##*/}
            if dpkg --compare-versions "\$number" lt "\$before"; then
                rm -rf "\$old" "/opt/kiosk/wheels/\$number"
            fi
        done
    fi
fi
POSTINST
cat >"$root/DEBIAN/prerm" <<'PRERM'
#!/bin/sh
set -e
if [ "$1" = remove ]; then
    /opt/kiosk/current/bin/kiosk uninstall || true
fi
PRERM
# What was made on the machine is no file of the package. After a removal there is no program left to ask.
cat >"$root/DEBIAN/postrm" <<'POSTRM'
#!/bin/sh
set -e
case $1 in
remove | purge)
    rm -rf /opt/kiosk/versions /opt/kiosk/current
    rmdir /opt/kiosk/wheels /opt/kiosk 2>/dev/null || true
    [ ! -d /run/systemd/system ] || systemctl daemon-reload || true
    ;;
esac
if [ "$1" = purge ]; then
    rm -rf /etc/kiosk /etc/default/kiosk /var/lib/kiosk
    if getent passwd kiosk >/dev/null; then
        # Its sound server goes on after the hall, and nobody is taken away who still runs something.
        rm -f /var/lib/systemd/linger/kiosk
        [ ! -d /run/systemd/system ] || systemctl stop "user@$(id -u kiosk).service" || true
        userdel kiosk || true
    fi
fi
POSTRM
chmod 755 "$root"/DEBIAN/{postinst,prerm,postrm}
mkdir -p dist
# Wheels are packed already.
dpkg-deb --root-owner-group -Znone --build "$root" "$package" >/dev/null
echo "$package: $(du -h "$package" | cut -f1)"
