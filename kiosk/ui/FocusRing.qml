pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic

/* Marks the control that keys have come to: dark around light, so that one of both stands out on any ground. */
Item {
    id: ring

    readonly property int line: Math.max(3, Math.round(Theme.pxPerMm * 1.2))
    readonly property int gap: Math.max(2, Math.round(Theme.pxPerMm * (Theme.contrast ? 1 : 0.6)))
    readonly property real corner: (parent as ActionButton)?.radius ?? ((parent as AbstractButton)?.background as Card)?.radius ?? Theme.mm(Theme.buttonRadius)

    Accessible.ignored: true
    anchors.fill: parent
    anchors.margins: -(line + gap)
    z: 10

    Rectangle {
        Accessible.ignored: true
        anchors.fill: parent
        border.color: Theme.contrast ? Theme.ink : Theme.navy
        border.width: ring.line
        color: "transparent"
        radius: ring.corner + ring.line + ring.gap
    }

    Rectangle {
        Accessible.ignored: true
        anchors.fill: parent
        anchors.margins: ring.line
        border.color: Theme.contrast ? Theme.pressed : Theme.onDark
        border.width: ring.gap
        color: "transparent"
        radius: ring.corner + ring.gap
    }
}
