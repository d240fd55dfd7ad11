#!/usr/bin/env bash
# Installs what the kiosk needs from the system, only what is missing, and says what it could not.
# usage: tools/system.sh run|test|faults|hall [STAMP]   STAMP is touched when nothing is missing any more
#        tools/system.sh list                      only tells the packages of a hall, one a line
# For run and test we go on without what is missing; a hall fails, and may ask for a password. It is a machine
# of its own, without a desktop: it needs its screens' session and a sound server too.
set -euo pipefail

purpose=${1:?run or test}
stamp=${2:-}

without() { # why these packages are not there
    if [[ $purpose == hall ]]; then
        echo "$1 A hall does not run without them; to install them:" >&2
        echo "  sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
    echo "$1 Going on without; to install them:"
    echo "  sudo apt-get install ${missing[*]}"
    exit 0
}

# Qt's windows (X11 and Wayland), fonts and sound; espeak-ng reads the touch window aloud (the calls in
# the hall are clips that ship).
packages=(
    libegl1 libgl1 libglib2.0-0 libfontconfig1 libfreetype6 libdbus-1-3 libzstd1
    libxkbcommon0 libxkbcommon-x11-0 libx11-xcb1 libxext6 libxrandr2 libdrm2
    libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
    libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1
    libxcb-glx0 libwayland-client0 libwayland-cursor0 libpulse0 libgssapi-krb5-2
    espeak-ng
)
if [[ $purpose == hall || $purpose == list ]]; then
    packages+=(python3 python3-venv weston kbd dbus dbus-user-session libpam-systemd polkitd udev)
    packages+=(pipewire-pulse wireplumber util-linux)
fi
if [[ $purpose == list ]]; then
    printf '%s\n' "${packages[@]}"
    exit 0
fi
if [[ $purpose == faults ]]; then
    packages+=(weston)
fi
if [[ $purpose == test ]]; then
    packages+=(strace xvfb x11-xserver-utils xdotool)
    # Disks that fail on request, and clocks that jump.
    packages+=(fiu-utils libfiu0 faketime)
    # A sound server of its own, for a card that tests unplug.
    packages+=(pipewire-pulse wireplumber pulseaudio-utils dbus-daemon)
    # Units, names of devices and the firewall are checked by the programs that they are for.
    packages+=(systemd udev nftables)
    # Ubuntu's Chromium is only a pointer to a snap, which tests cannot drive: there the Makefile
    # takes Playwright's own build.
    if ! grep -qs '^ID=ubuntu' /etc/os-release; then
        packages+=(chromium-headless-shell)
    fi
    # The tests start a server of their own.
    if ! compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null && ! command -v postgres >/dev/null; then
        packages+=(postgresql)
    fi
fi
if ! tools/python.sh >/dev/null 2>&1; then
    packages+=(python3 python3-venv)
fi

installed() { # also under the name that Ubuntu 24.04 gave to packages with 64-bit time
    grep -q '^ii' <<<"$(dpkg-query -W -f='${db:Status-Abbrev}\n' "$1" "$1t64" 2>/dev/null)"
}

if ! command -v dpkg-query >/dev/null; then
    echo "This system has no dpkg. Should the windows not open, install what these Debian packages hold:"
    echo "  ${packages[*]}"
    [[ $purpose != hall ]] || exit 1
    exit 0
fi

missing=()
for package in "${packages[@]}"; do
    installed "$package" || missing+=("$package")
done

if ((${#missing[@]})); then
    echo "Installing system packages: ${missing[*]}"
    become=()
    if ((EUID != 0)); then
        become=(sudo)
        if [[ $purpose != hall ]]; then
            become+=(-n)
        fi
        if ! "${become[@]}" true 2>/dev/null; then
            without "That needs an administrator."
        fi
    fi
    install() {
        "${become[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install --yes --no-install-recommends --quiet=2 "$@" </dev/null >/dev/null
    }
    # The package of the database's server makes a cluster and starts it, unless it is told not to.
    clusters=/etc/postgresql-common/createcluster.conf
    without_cluster() {
        install postgresql-common &&
            "${become[@]}" sed -i.before -E 's/^#?(create_main_cluster).*/\1 = false/' "$clusters" &&
            install "$@"
        local status=$?
        "${become[@]}" mv -f "$clusters.before" "$clusters" 2>/dev/null
        return $status
    }
    how=install
    if [[ " ${missing[*]} " == *" postgresql "* ]]; then
        how=without_cluster
    fi
    if ! "${become[@]}" apt-get update --quiet=2 || ! "$how" "${missing[@]}"; then
        without "apt-get could not install them."
    fi
fi

if [[ -n $stamp ]]; then
    mkdir -p "$(dirname "$stamp")"
    touch "$stamp"
fi
