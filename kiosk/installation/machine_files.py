"""Small files that make a machine a kiosk: nobody else's console, logs that end, a watchdog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.installation.places import NAME, PAM, SESSION_UNIT, TARGET, USER

if TYPE_CHECKING:
    from kiosk.installation.places import Places

WEB_PORT: Final = 8080
PUBLIC_PORT: Final = 8090

LOGIND: Final = """\
# Made by: kiosk install
# No console that a key could open; the power key does what it says on the machine.
[Login]
NAutoVTs=0
ReserveVT=0
"""
JOURNALD: Final = """\
# Made by: kiosk install
# A year of logs, never more than this of the disk.
[Journal]
Storage=persistent
SystemMaxUse=500M
SystemKeepFree=1G
MaxRetentionSec=1year
"""
MANAGER: Final = """\
# Made by: kiosk install
# Where the machine has a watchdog of its own: it starts anew when the system hangs.
[Manager]
RuntimeWatchdogSec=30s
RebootWatchdogSec=5min
"""
SYSCTL: Final = """\
# Made by: kiosk install
# No keys that reach the kernel.
kernel.sysrq = 0
"""
SESSION: Final = """\
# Made by: kiosk install
# The session of the kiosk's screens, which systemd opens; nobody can sign in by it.
auth     required pam_deny.so
account  required pam_unix.so
session  required pam_unix.so
session  required pam_systemd.so type=wayland class=user
"""
POLKIT: Final = f"""\
// Made by: kiosk install
polkit.addRule(function(action, subject) {{
    if (subject.user != "{USER}") {{
        return polkit.Result.NOT_HANDLED;
    }}
    // Who may open the staff door may shut the machine down, unless [touch] shut_down = false.
    var off = "org.freedesktop.login1.power-off";
    if (action.id == off || action.id == off + "-multiple-sessions") {{
        return polkit.Result.YES;
    }}
    // After a change of kiosk.toml its own units are started, and no others.
    var ours = ["{TARGET}", "{SESSION_UNIT}"].indexOf(action.lookup("unit")) >= 0;
    var verb = ["start", "try-restart"].indexOf(action.lookup("verb")) >= 0;
    if (action.id == "org.freedesktop.systemd1.manage-units" && ours && verb) {{
        return polkit.Result.YES;
    }}
    return polkit.Result.NOT_HANDLED;
}});
"""


def files(places: Places) -> dict[str, str]:
    """Path to text."""
    return {
        f"{places.logind}/{NAME}.conf": LOGIND,
        f"{places.journald}/{NAME}.conf": JOURNALD,
        f"{places.manager}/{NAME}.conf": MANAGER,
        f"{places.sysctl}/60-{NAME}.conf": SYSCTL,
        f"{places.pam}/{PAM}": SESSION,
        f"{places.polkit}/50-{NAME}.rules": POLKIT,
        f"{places.examples}/nftables.conf": firewall(WEB_PORT, PUBLIC_PORT),
    }


def firewall(web: int, public: int) -> str:
    """An example for nftables(8): nothing comes in but what the hall needs."""
    return f"""\
#!/usr/sbin/nft -f
# An example: look at the networks, then copy it to /etc/nftables.conf and
# systemctl enable --now nftables
# It replaces all rules that there are.
flush ruleset

define office = {{ 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 }}
# From where the technician may come by ssh.
define technician = 192.168.1.10

table inet kiosk {{
    chain input {{
        type filter hook input priority filter; policy drop;
        iif lo accept
        ct state established,related accept
        ct state invalid drop
        # An address, and what the network tells of its errors.
        udp sport 67 udp dport 68 accept
        ip protocol icmp icmp type {{ echo-request, destination-unreachable, time-exceeded }} accept
        ip6 nexthdr icmpv6 accept
        # [web] port: clerks, displays and boards of the office.
        ip saddr $office tcp dport {web} accept
        # [public] port, where the pages for everybody are not behind a proxy on this machine:
        # tcp dport {public} accept
        ip saddr $technician tcp dport 22 accept
    }}
    chain forward {{
        type filter hook forward priority filter; policy drop;
    }}
    chain output {{
        type filter hook output priority filter; policy accept;
    }}
}}
"""
