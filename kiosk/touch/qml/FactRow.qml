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
    // A long value gets more of the row.
    readonly property int weights: facts.reduce((sum, fact) => sum + weightOf(fact), 0)

    function weightOf(fact: var): int {
        return 9 + Math.max(fact.value.length, fact.label.length * 0.8);
    }

    Repeater {
        model: row.facts.length

        Item {
            id: cell

            required property int index
            readonly property var fact: row.facts[index] ?? row.facts[0]

            height: row.height
            width: Math.floor(row.width * row.weightOf(fact) / row.weights)

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
