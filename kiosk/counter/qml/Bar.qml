pragma ComponentBehavior: Bound

import QtQuick
import kiosk.counter
import kiosk.ui

/* The window made small: who is here, how long, and the one key. */
Rectangle {
    id: bar

    required property CounterBridge bridge
    readonly property var desk: bridge.desk

    color: Theme.card

    Rectangle {
        id: dot

        Accessible.name: bar.bridge.head.link
        Accessible.role: Accessible.StaticText
        anchors.verticalCenter: parent.verticalCenter
        border.color: Theme.warning
        border.width: bar.bridge.head.link_state === "live" ? 0 : Theme.rim * 2
        color: bar.bridge.head.link_state === "live" ? Theme.ready : Theme.warningTint
        height: width
        radius: width / 2
        width: Theme.mm(5)
        x: Theme.mm(5)
    }

    Words {
        id: number

        anchors.left: dot.right
        anchors.leftMargin: Theme.mm(4)
        anchors.verticalCenter: parent.verticalCenter
        color: Theme.navy
        fit: true
        height: parent.height
        size: 8.4
        text: bar.desk.number
        verticalAlignment: Text.AlignVCenter
        weight: Font.ExtraBold
        width: Math.min(Math.ceil(implicitWidth), timer.x - x - Theme.mm(3))
        wrapMode: Text.NoWrap
    }

    Digits {
        id: timer

        anchors.right: next.left
        anchors.rightMargin: Theme.mm(5)
        anchors.verticalCenter: parent.verticalCenter
        size: 6
        text: bar.bridge.clock.timer
        weight: Font.DemiBold
    }

    FontMetrics {
        id: letters

        font.family: Theme.family
        font.pixelSize: Theme.caps(next.size)
        font.weight: Font.DemiBold
    }

    Key {
        id: next

        readonly property real most: bar.width * 0.46
        // What it does goes before the key of the keyboard that does the same.
        readonly property real spare: most - letters.advanceWidth(text) - 2 * leftPadding

        anchors.right: grow.left
        anchors.rightMargin: Theme.mm(3)
        anchors.verticalCenter: parent.verticalCenter
        cap: spare > letters.advanceWidth(bar.desk.next.cap) + Theme.mm(9) ? bar.desk.next.cap : ""
        enabled: bar.desk.next.enabled || bar.desk.go_on.name !== ""
        height: Theme.mm(18)
        kind: ActionButton.Primary
        onClicked: bar.bridge.press(bar.desk.go_on.name !== "" ? "pause" : "next")
        size: Theme.body
        text: bar.desk.next_short
        width: Math.min(implicitWidth, most)
    }

    Key {
        id: grow

        Accessible.name: bar.bridge.head.grow
        anchors.right: parent.right
        anchors.rightMargin: Theme.mm(3)
        anchors.verticalCenter: parent.verticalCenter
        height: Theme.mm(15)
        iconName: "grow"
        leftPadding: Theme.mm(2)
        onClicked: bar.bridge.shrink(false)
        radius: Theme.mm(4)
        rightPadding: Theme.mm(2)
        width: Theme.mm(15)
    }
}
