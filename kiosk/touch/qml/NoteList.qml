pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui

/* What belongs to a ticket besides its number: a sign and a sentence each, calm or, where one must know it, warm. */
Column {
    id: list

    required property var notes
    // The height that the list may take.
    property real room: Infinity
    readonly property real size: upright ? Theme.body : Theme.caption
    property bool brief: Theme.big && !upright
    property bool upright: false
    readonly property real share: (room - (notes.length - 1) * spacing) / Math.max(1, notes.length)

    spacing: Theme.mm(1.6)

    Repeater {
        model: list.notes.length

        Item {
            id: note

            required property int index
            readonly property var told: list.notes[index] ?? list.notes[0]
            readonly property color inkColor: told.tone === "warn" ? Theme.warning : Theme.ink

            height: text.height
            width: list.width

            Row {
                anchors.horizontalCenter: parent.horizontalCenter
                spacing: Theme.mm(3)

                Icon {
                    id: sign

                    color: note.inkColor
                    glyph: note.told.icon
                    size: Math.round(text.font.pixelSize * 1.2)
                    y: Math.round((text.font.pixelSize * Theme.lineHeight - height) / 2)
                }

                Words {
                    id: text

                    readonly property real most: list.width - sign.width - Theme.mm(3)

                    color: note.inkColor
                    fit: true
                    height: Math.min(implicitHeight, list.share)
                    size: list.size
                    text: list.brief ? note.told.brief : note.told.text
                    weight: Font.DemiBold
                    // Two lines of much the same length instead of a lonely last word.
                    width: implicitWidth <= most ? Math.ceil(implicitWidth) : Math.min(most, Math.max(most * 0.7, Math.ceil(implicitWidth * 0.6)))
                }
            }
        }
    }
}
