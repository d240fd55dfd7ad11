pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui

/* Facts side by side, a quiet label over a strong value with a hairline between them; or, where that is too narrow,
   one below the other with the value at the right. */
Item {
    id: row

    required property var facts
    property bool centred: true
    property bool lines: true
    property bool stacked: false
    property real size: Theme.title
    // The height of all facts below each other; one that is too long for a line has two.
    readonly property real stackedHeight: facts.reduce((sum, fact) => sum + linesOf(fact), 0) * Math.max(Theme.mm(Theme.big ? 14 : 10.4), Math.ceil(Theme.caps(size) * Theme.lineHeight))
    // Whether each fact side by side has a line for its label and one for its value.
    readonly property bool fits: facts.every(fact => Math.max(wide(fact.label, quiet, Theme.caption), wide(fact.value, strong, size)) <= Math.floor(width * weightOf(fact) / weights) - Theme.mm(4))
    // A long value gets more of the row.
    readonly property real weights: facts.reduce((sum, fact) => sum + weightOf(fact), 0)

    function weightOf(fact: var): real {
        return 9 + Math.max(fact.value.length, fact.label.length * 0.8);
    }

    function linesOf(fact: var): int {
        return wide(fact.label, quiet, Theme.caption) + wide(fact.value, strong, size) + Theme.mm(4) > width ? 2 : 1;
    }

    // The share is 1; reading it lets the measure follow a change of the font.
    function wide(text: string, metrics: FontMetrics, caps: real): real {
        return metrics.advanceWidth(text) * Theme.caps(caps) / metrics.font.pixelSize;
    }

    function linesBefore(index: int): int {
        return facts.slice(0, index).reduce((sum, fact) => sum + linesOf(fact), 0);
    }

    function startOf(index: int): real {
        return facts.slice(0, index).reduce((sum, fact) => sum + weightOf(fact), 0);
    }

    FontMetrics {
        id: quiet

        font.family: Theme.family
        font.pixelSize: Theme.caps(Theme.caption)
    }

    FontMetrics {
        id: strong

        font.family: Theme.family
        font.pixelSize: Theme.caps(row.size)
        font.weight: Font.Bold
    }

    Repeater {
        model: row.facts.length

        Item {
            id: cell

            required property int index
            readonly property var fact: row.facts[index] ?? row.facts[0]

            readonly property real line: row.height / Math.max(1, row.linesBefore(row.facts.length))

            height: row.stacked ? Math.floor(line * row.linesOf(fact)) : row.height
            width: row.stacked ? row.width : Math.floor(row.width * row.weightOf(fact) / row.weights)
            x: row.stacked ? 0 : Math.round(row.width * row.startOf(index) / row.weights)
            y: row.stacked ? Math.round(line * row.linesBefore(index)) : 0

            Rectangle {
                color: Theme.line
                height: parent.height
                visible: row.lines && !row.stacked && cell.index > 0
                width: Theme.hair
            }

            Words {
                id: label

                color: Theme.muted
                fit: true
                height: row.stacked ? parent.height : Math.min(implicitHeight, parent.height * 0.5)
                horizontalAlignment: row.centred && !row.stacked ? Text.AlignHCenter : Text.AlignLeft
                size: Theme.caption
                text: cell.fact.label
                verticalAlignment: row.stacked ? Text.AlignVCenter : Text.AlignTop
                width: row.stacked ? Math.min(Math.ceil(implicitWidth), parent.width * 0.6) : parent.width - Theme.mm(4)
                x: row.centred && !row.stacked ? Theme.mm(2) : 0
            }

            Words {
                fit: true
                height: parent.height - y
                horizontalAlignment: row.stacked ? Text.AlignRight : label.horizontalAlignment
                size: row.size
                text: cell.fact.value
                verticalAlignment: row.stacked ? Text.AlignVCenter : Text.AlignTop
                weight: Font.Bold
                width: row.stacked ? parent.width - x : label.width
                x: row.stacked ? label.width + Theme.mm(2) : label.x
                y: row.stacked ? 0 : label.height
            }
        }
    }
}
