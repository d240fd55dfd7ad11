pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import kiosk.ui

/* One line of a list to touch: an icon, a name, and a quiet note below it; at its end an arrow, or the word for what the
   touch does. A line that is `still` is only read. */
AbstractButton {
    id: box

    required property var line
    readonly property real pad: Theme.mm(4.4)
    readonly property string doing: line.action
    readonly property bool still: line.still
    readonly property string tone: line.tone
    readonly property color tint: tone === "warn" ? Theme.warning : tone === "ready" ? Theme.ready : Theme.navy

    Accessible.ignored: still
    Accessible.name: line.spoken
    Accessible.role: Accessible.Button
    enabled: !still
    focusPolicy: still ? Qt.NoFocus : Qt.TabFocus

    background: Card {
        color: box.down ? Theme.pressed : Theme.card
        radius: Theme.mm(Theme.buttonRadius)

        Rectangle {
            anchors.fill: parent
            border.color: Theme.navy
            border.width: box.down || box.visualFocus ? Theme.rimStrong : 0
            color: "transparent"
            radius: Theme.mm(Theme.buttonRadius)
        }
    }

    contentItem: Item {
        Rectangle {
            id: tile

            border.color: Theme.border
            border.width: Theme.contrast ? Theme.rim : 0
            color: box.down ? Theme.card : box.tone === "warn" ? Theme.warningTint : Theme.tint
            height: width
            radius: width * 0.27
            visible: box.width > Theme.mm(Theme.big ? 150 : 90)
            width: Theme.mm(15)
            x: box.pad
            y: (box.height - height) / 2

            Icon {
                anchors.centerIn: parent
                color: box.tint
                glyph: box.line.icon
                size: Math.round(tile.width * 0.54)
            }
        }

        Words {
            id: name

            elide: Text.ElideRight
            fit: true
            height: Math.min(implicitHeight, Math.max(Theme.caps(Theme.caption), box.height - 2 * Theme.mm(1.4) - (note.visible ? note.height : 0)))
            lineHeight: 0.95
            size: Theme.body
            text: box.line.title
            verticalAlignment: note.visible ? Text.AlignBottom : Text.AlignVCenter
            weight: Font.DemiBold
            width: (pill.visible ? pill.x : chevron.visible ? chevron.x : box.width) - Theme.mm(3) - x
            x: tile.visible ? tile.x + tile.width + Theme.mm(4.4) : box.pad
            y: (box.height - height - (note.visible ? note.height : 0)) / 2
        }

        Words {
            id: note

            color: Theme.muted
            elide: Text.ElideRight
            maximumLineCount: box.still ? 9 : box.doing !== "" ? 4 : 3
            size: Theme.caption
            text: box.line.note
            visible: text !== ""
            width: name.width
            x: name.x
            y: name.y + name.height
        }

        Icon {
            id: chevron

            color: Theme.navy
            glyph: "chevron-right"
            size: Theme.mm(9)
            visible: !box.still && box.doing === ""
            x: box.width - width - Theme.mm(3.4)
            y: (box.height - height) / 2
        }

        Rectangle {
            id: pill

            border.color: Theme.border
            border.width: Theme.rim
            color: "transparent"
            height: pillText.height + Theme.mm(4)
            radius: height / 2
            visible: box.doing !== ""
            width: pillText.width + Theme.mm(9)
            x: box.width - width - Theme.mm(3.4)
            y: (box.height - height) / 2

            Words {
                id: pillText

                Accessible.ignored: true
                anchors.centerIn: parent
                color: Theme.navy
                size: Theme.caption
                text: box.doing
                weight: Font.Bold
                wrapMode: Text.NoWrap
            }
        }
    }
}
