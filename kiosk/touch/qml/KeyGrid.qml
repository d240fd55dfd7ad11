pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui

/* Letters or digits to type with, in rows of one length. */
Item {
    id: grid

    required property var rows
    required property real gap
    required property real keyHeight
    readonly property int columns: rows.length > 0 ? rows[0].length : 1
    readonly property real keyWidth: (width - gap * (columns - 1)) / columns

    signal typed(string key)

    implicitHeight: rows.length * (keyHeight + gap) - gap

    Repeater {
        model: grid.rows.length * grid.columns

        ActionButton {
            required property int index
            readonly property int column: index % grid.columns
            readonly property int line: Math.floor(index / grid.columns)

            height: Math.floor(grid.keyHeight)
            leftPadding: 0
            onClicked: grid.typed(text)
            rightPadding: 0
            size: Theme.heading
            text: (grid.rows[line] ?? "").charAt(column)
            visible: text.trim() !== ""
            width: Math.floor(grid.keyWidth)
            x: Math.round(column * (grid.keyWidth + grid.gap))
            y: Math.round(line * (grid.keyHeight + grid.gap))
        }
    }
}
