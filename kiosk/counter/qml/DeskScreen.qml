pragma ComponentBehavior: Bound

import QtQuick
import kiosk.counter
import kiosk.ui

/* The person here now, the big key, the moves, and what must be read. */
Item {
    id: screen

    required property CounterBridge bridge
    readonly property var desk: bridge.desk
    readonly property real gap: Theme.mm(2.8)
    // What must be read whole may be smaller than other words, in pixels.
    readonly property int least: Theme.caps(Theme.caption * 0.84)

    Rectangle {
        id: card

        color: Theme.card
        height: Theme.mm(46)
        radius: Theme.mm(6)
        width: parent.width

        Words {
            id: kind

            anchors.left: parent.left
            anchors.leftMargin: Theme.mm(6)
            anchors.right: timer.left
            anchors.rightMargin: Theme.mm(3)
            color: Theme.muted
            elide: Text.ElideRight
            size: Theme.caption
            text: screen.desk.state
            weight: Font.DemiBold
            wrapMode: Text.NoWrap
            y: Theme.mm(3)
        }

        Digits {
            id: timer

            anchors.right: parent.right
            anchors.rightMargin: Theme.mm(6)
            size: 6.4
            text: screen.bridge.clock.timer
            y: Theme.mm(2)
        }

        Words {
            id: number

            anchors.bottom: parent.bottom
            anchors.bottomMargin: Theme.mm(2.4)
            anchors.left: kind.left
            color: Theme.navy
            fit: true
            height: Theme.mm(31)
            size: screen.desk.words ? Theme.heading : 16.4
            text: screen.desk.number
            verticalAlignment: Text.AlignVCenter
            weight: Font.ExtraBold
            width: Math.min(Math.ceil(implicitWidth), card.width * (screen.desk.words ? 0.66 : text.length > 5 ? 0.33 : 0.4))
            wrapMode: screen.desk.words ? Text.WordWrap : Text.NoWrap
        }

        Words {
            anchors.bottom: number.bottom
            anchors.left: number.right
            anchors.leftMargin: Theme.mm(5)
            anchors.right: parent.right
            anchors.rightMargin: Theme.mm(6)
            color: Theme.muted
            elide: Text.ElideRight
            fontSizeMode: Text.Fit
            height: number.height
            horizontalAlignment: Text.AlignRight
            lineHeight: 0.92
            minimumPixelSize: Theme.caps(Theme.caption * 0.76)
            size: Theme.caption * 0.94
            text: screen.desk.facts
            verticalAlignment: Text.AlignVCenter
        }
    }

    FontMetrics {
        id: letters

        font.family: Theme.family
        font.pixelSize: screen.least
        font.weight: Font.Bold
    }

    ActionButton {
        id: next

        readonly property bool goesOn: screen.desk.go_on.name !== ""
        readonly property bool shut: screen.desk.closed && !enabled

        Accessible.description: screen.desk.next_up
        Accessible.name: goesOn ? screen.desk.go_on.name : screen.desk.next.name
        anchors.top: card.bottom
        anchors.topMargin: screen.gap
        enabled: goesOn || screen.desk.next.enabled
        height: Theme.mm(34.4)
        kind: shut ? ActionButton.Plain : ActionButton.Primary
        onClicked: screen.bridge.press(goesOn ? "pause" : "next")
        opacity: 1
        radius: Theme.mm(6)
        rim: Theme.hair
        width: parent.width

        contentItem: Item {
            Words {
                id: what

                Accessible.ignored: true
                color: next.inkColor
                fit: true
                // On two lines where even the smallest letters want them.
                height: letters.advanceWidth(text) > width * 0.96 ? Math.ceil(letters.lineSpacing * 2) : Theme.mm(11.4)
                minimumPixelSize: screen.least
                opacity: next.enabled || next.shut ? 1 : 0.8
                size: 6.6
                text: next.Accessible.name
                verticalAlignment: Text.AlignVCenter
                weight: Font.Bold
                width: parent.width - (cap.visible ? cap.width + Theme.mm(4) : 0)
                y: Theme.mm(1.4)
            }

            Words {
                Accessible.ignored: true
                anchors.bottom: parent.bottom
                anchors.top: what.bottom
                color: next.shut ? Theme.muted : Theme.onDarkQuiet
                elide: Text.ElideRight
                fontSizeMode: Text.Fit
                lineHeight: 0.9
                minimumPixelSize: screen.least
                size: Theme.caption * 0.94
                text: screen.desk.next_up
                width: parent.width
            }

            KeyCap {
                id: cap

                anchors.right: parent.right
                anchors.verticalCenter: what.verticalCenter
                ink: next.inkColor
                text: next.goesOn ? screen.desk.go_on.cap : next.shut ? "" : screen.desk.next.cap
            }
        }
    }

    Grid {
        id: moves

        readonly property real cell: (width - 2 * spacing) / 3

        anchors.top: next.bottom
        anchors.topMargin: screen.gap
        columns: 3
        spacing: Theme.mm(2.4)
        width: parent.width

        Repeater {
            model: 6

            Key {
                required property int index
                readonly property var move: screen.desk.moves[index]

                cap: move?.cap ?? ""
                enabled: move?.enabled ?? false
                height: Theme.mm(18)
                onClicked: screen.bridge.press(move.key)
                text: move?.name ?? ""
                width: Math.floor(moves.cell)
            }
        }
    }

    Rectangle {
        id: strip

        readonly property bool warns: screen.desk.tone === "warn"

        anchors.bottom: parent.bottom
        anchors.top: moves.bottom
        anchors.topMargin: screen.gap
        color: warns ? Theme.warningTint : "transparent"
        radius: Theme.mm(5)
        width: parent.width

        Words {
            anchors.left: parent.left
            anchors.leftMargin: Theme.mm(strip.warns ? 4 : 2)
            anchors.right: undo.visible ? undo.left : parent.right
            anchors.rightMargin: Theme.mm(3)
            color: strip.warns ? Theme.warning : Theme.muted
            fontSizeMode: Text.Fit
            height: parent.height
            lineHeight: 0.9
            minimumPixelSize: screen.least
            size: Theme.caption
            text: screen.desk.message
            verticalAlignment: Text.AlignVCenter
            visible: strip.warns || !undo.visible
            weight: strip.warns ? Font.DemiBold : Font.Normal
        }

        Key {
            id: undo

            Accessible.name: screen.desk.undo.name
            anchors.right: parent.right
            anchors.rightMargin: strip.warns ? Theme.mm(2) : 0
            anchors.verticalCenter: parent.verticalCenter
            cap: screen.desk.undo.cap
            enabled: screen.desk.undo.enabled
            height: Theme.mm(17)
            iconName: strip.warns ? "undo" : ""
            onClicked: screen.bridge.press("undo")
            text: strip.warns ? screen.bridge.clock.undo_left : screen.desk.undo.name + " · " + screen.bridge.clock.undo_left
            visible: screen.desk.undo.name !== ""
            width: Math.min(implicitWidth, strip.width)
        }
    }
}
