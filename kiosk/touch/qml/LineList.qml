pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui

/* Lines to touch, as many on a page as fit, and keys to turn it; words where there are none. */
Item {
    id: list

    required property var told
    required property var keys
    property int columns: 1
    property real least: Theme.mm(Theme.big ? 33 : 25)
    property real most: Infinity
    readonly property real boxWidth: Math.floor((width - gap * (columns - 1)) / columns)
    // As high as the longest name wants to be in the smallest letters.
    readonly property real lineHeight: Math.min(most, Math.max(least, Theme.mm(linesOf("title") * (Theme.big ? 12 : 7.9) + linesOf("note") * (Theme.big ? 12.6 : 8.3) + 4)))
    readonly property var lines: told.lines
    readonly property real gap: Theme.mm(3.4)
    readonly property int rowsOfAll: Math.max(1, Math.floor((height + gap) / (lineHeight + gap)))
    readonly property real lowest: rest.visible ? Math.max(rest.height + gap, pager.implicitHeight + gap) : pager.implicitHeight + gap
    readonly property int rowsOfOne: Math.max(1, Math.floor((height - lowest + gap) / (lineHeight + gap)))
    readonly property bool fits: lines.length <= rowsOfAll * columns && told.more === ""
    readonly property int per: (fits ? rowsOfAll : rowsOfOne) * columns
    readonly property int pages: Math.max(1, Math.ceil(lines.length / per))
    readonly property int page: Math.min(told.page, pages - 1)
    readonly property int first: page * per
    // Down to the last line of this page.
    readonly property real used: Math.ceil(Math.min(per, lines.length - first) / columns) * (lineHeight + gap) - gap

    function linesOf(part: string): int {
        const room = boxWidth / Theme.unit - (boxWidth > Theme.mm(Theme.big ? 150 : 90) ? 40 : 21);
        const longest = Math.max(0, ...lines.map(line => line[part].length));
        // Words do not fill their lines.
        return longest > 0 ? Math.ceil(longest * (Theme.big ? 5.9 : 3.9) / Math.max(1, room) + 0.2) : 0;
    }

    // For the moment in which a list becomes shorter.
    readonly property var nothing: ({
            key: "",
            icon: "",
            title: "",
            note: "",
            spoken: ""
        })

    signal chosen(string key)
    signal turned(int page)

    Words {
        color: Theme.muted
        text: list.told.empty
        visible: text !== "" && list.lines.length === 0
        width: parent.width
    }

    Repeater {
        model: Math.max(0, Math.min(list.per, list.lines.length - list.first))

        LineBox {
            required property int index
            readonly property int column: index % list.columns

            height: Math.floor(list.lineHeight)
            line: list.lines[list.first + index] ?? list.nothing
            onClicked: list.chosen(line.key)
            width: list.boxWidth
            x: Math.round(column * (list.width + list.gap) / list.columns)
            y: Math.round(Math.floor(index / list.columns) * (list.lineHeight + list.gap))
        }
    }

    Words {
        id: rest

        color: Theme.muted
        size: Theme.caption
        text: list.told.more
        visible: text !== "" && list.page === list.pages - 1
        width: parent.width
        y: list.used + list.gap
    }

    Pager {
        id: pager

        anchors.bottom: parent.bottom
        more: list.keys[1] ?? ""
        onTurned: page => list.turned(page)
        page: list.page
        pages: list.pages
        previous: list.keys[0] ?? ""
        width: parent.width
    }
}
