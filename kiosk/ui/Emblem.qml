pragma ComponentBehavior: Bound

import QtQuick

/* The office's sign: a public building on red. */
Rectangle {
    id: emblem

    property real size: Theme.mm(26)

    Accessible.ignored: true
    color: Theme.emblem
    height: size
    radius: size * 0.27
    width: size

    Icon {
        anchors.centerIn: parent
        color: Theme.onDark
        glyph: "emblem"
        size: Math.round(emblem.size * 0.54)
    }
}
