pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* Behind the staff door: a menu, or the lines of one of its pages, and what became of the last act. */
Item {
    id: screen

    required property DoorBridge bridge
    required property bool wide
    readonly property var door: bridge.door

    Words {
        id: title

        fit: true
        height: Math.min(implicitHeight, Theme.mm(screen.wide ? 16 : 30))
        size: screen.wide ? 8 : Theme.heading
        text: screen.door.title
        weight: Font.Bold
        width: screen.width
    }

    Words {
        id: who

        color: Theme.muted
        size: Theme.caption
        text: screen.door.who
        visible: screen.door.menu
        width: screen.width
        y: title.height
    }

    Rectangle {
        id: banner

        readonly property color tint: screen.door.failed ? Theme.warning : Theme.ready

        border.color: tint
        border.width: Theme.rim
        color: screen.door.failed ? Theme.warningTint : Theme.card
        height: visible ? Math.max(toldIcon.height, toldText.height) + Theme.mm(screen.wide ? 4 : 8) : 0
        radius: Theme.mm(6)
        visible: screen.door.told !== ""
        width: screen.width
        y: title.height + Theme.mm(screen.wide ? 1.4 : 4)

        Icon {
            id: toldIcon

            anchors.verticalCenter: parent.verticalCenter
            color: banner.tint
            glyph: screen.door.failed ? "alert" : "check-circle"
            size: Theme.mm(8)
            x: Theme.mm(5)
        }

        Words {
            id: toldText

            anchors.left: toldIcon.right
            anchors.leftMargin: Theme.mm(4)
            anchors.right: parent.right
            anchors.rightMargin: Theme.mm(5)
            anchors.verticalCenter: parent.verticalCenter
            color: banner.tint
            size: Theme.caption
            text: screen.door.told
            weight: Font.DemiBold
        }
    }

    LineList {
        readonly property real under: banner.visible ? banner.y + banner.height : who.visible ? who.y + who.height : title.height

        // Long words on the keys need the whole width.
        columns: screen.wide && screen.width > Theme.mm(280) && !Theme.big && screen.door.rows.lines.every(line => line.action.length < (screen.width > Theme.mm(320) ? 14 : 1)) ? 2 : 1
        height: screen.height - y
        keys: screen.door.keys
        least: Theme.mm(26)
        most: Theme.mm(Theme.big ? 110 : 90)
        onChosen: key => screen.bridge.choose(key)
        onTurned: page => screen.bridge.turnPage(page)
        told: screen.door.rows
        width: screen.width
        y: under + Theme.mm(screen.wide ? 3 : 6)
    }
}
