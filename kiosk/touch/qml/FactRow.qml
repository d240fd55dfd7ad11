pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui

/* Facts side by side: a quiet label over a strong value, a hairline between them. */
Row {
    id: row

    required property var facts
    property bool centred: true
    property bool lines: true
    property real size: Theme.title

    Repeater {
        model: row.facts.length

        Item {
            id: cell

            required property int index
            readonly property var fact: row.facts[index] ?? row.facts[0]

            height: row.height
            width: Math.floor(row.width / row.facts.length)

            Rectangle {
                color: Theme.line
                height: parent.height
                visible: row.lines && cell.index > 0
                width: 2
            }

            Words {
                id: label

                color: Theme.muted
                fit: true
                height: Math.min(implicitHeight, parent.height * 0.45)
                horizontalAlignment: row.centred ? Text.AlignHCenter : Text.AlignLeft
                size: Theme.caption
                text: cell.fact.label
                width: parent.width - Theme.mm(4)
                x: row.centred ? Theme.mm(2) : 0
            }

            Words {
                anchors.top: label.bottom
                fit: true
                height: parent.height - label.height
                horizontalAlignment: label.horizontalAlignment
                size: row.size
                text: cell.fact.value
                verticalAlignment: Text.AlignTop
                weight: Font.Bold
                width: label.width
                x: label.x
            }
        }
    }
}
