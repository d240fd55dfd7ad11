pragma ComponentBehavior: Bound

import QtQuick
import kiosk.counter
import kiosk.ui

/* Which counter this is, how the link is, and the keys that are not about a person. The window is moved by it. */
Rectangle {
    id: head

    required property CounterBridge bridge
    required property bool working
    readonly property var told: bridge.head
    readonly property bool live: told.link_state === "live"

    color: Theme.card
    height: Theme.mm(19)

    component Tool: Key {
        anchors.verticalCenter: parent?.verticalCenter
        height: Theme.mm(15)
        leftPadding: Theme.mm(2)
        radius: Theme.mm(4)
        rightPadding: Theme.mm(2)
        visible: head.working
        width: text === "" ? Theme.mm(15) : implicitContentWidth + leftPadding + rightPadding
    }

    Rectangle {
        anchors.bottom: parent.bottom
        color: Theme.line
        height: Theme.hair
        width: parent.width
    }

    Words {
        id: title

        anchors.left: parent.left
        anchors.leftMargin: Theme.mm(5.4)
        anchors.verticalCenter: parent.verticalCenter
        size: 5.2
        text: head.told.title
        weight: Font.Bold
        wrapMode: Text.NoWrap
    }

    Rectangle {
        id: dot

        Accessible.name: head.told.link
        Accessible.role: Accessible.StaticText
        anchors.left: title.right
        anchors.leftMargin: Theme.mm(3.4)
        anchors.verticalCenter: parent.verticalCenter
        border.color: Theme.warning
        border.width: head.live ? 0 : Theme.rim * 2
        color: head.live ? Theme.ready : Theme.warningTint
        height: width
        radius: width / 2
        visible: head.working
        width: Theme.mm(5)
    }

    Words {
        anchors.left: dot.right
        anchors.leftMargin: Theme.mm(2.6)
        anchors.right: tools.left
        anchors.rightMargin: Theme.mm(2)
        anchors.verticalCenter: parent.verticalCenter
        color: Theme.muted
        size: Theme.caption
        text: head.told.clerk
        // Whole or not at all; the menu has it too.
        visible: head.working && width >= implicitWidth
        wrapMode: Text.NoWrap
    }

    Row {
        id: tools

        anchors.right: parent.right
        anchors.rightMargin: Theme.mm(2.6)
        anchors.verticalCenter: parent.verticalCenter
        height: parent.height
        spacing: Theme.mm(2)

        Tool {
            Accessible.name: head.told.kept_name
            iconName: "clock"
            onClicked: head.bridge.openSheet("kept")
            text: head.told.kept
            visible: head.working && head.told.kept !== ""
        }

        Tool {
            Accessible.name: head.told.notices_name
            iconName: "alert"
            kind: ActionButton.Light
            lightInk: Theme.warning
            onClicked: head.bridge.openSheet("notices")
            text: head.told.notices
            visible: head.working && head.told.notices !== ""
        }

        Tool {
            Accessible.name: head.told.alarm
            chosen: head.told.raised
            iconName: "megaphone"
            onClicked: head.bridge.press("alarm")
        }

        Tool {
            Accessible.name: head.told.pause
            iconName: "pause"
            onClicked: head.bridge.press("pause")
        }

        Tool {
            Accessible.name: head.told.menu
            iconName: "user"
            onClicked: head.bridge.openSheet("menu")
        }

        Tool {
            Accessible.name: head.told.shrink
            iconName: "shrink"
            onClicked: head.bridge.shrink(true)
        }
    }
}
