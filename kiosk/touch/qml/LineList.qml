pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui

/* Lines to touch, as many on a page as fit, each as high as its name wants to be, and keys to turn the page; words where
   there are none. */
Item {
    id: list

    required property var told
    required property var keys
    property int columns: 1
    property real least: Theme.mm(24)
    property real most: Infinity
    readonly property var lines: told.lines
    readonly property real gap: Theme.mm(3.4)
    readonly property real boxWidth: Math.floor((width - gap * (columns - 1)) / columns)
    readonly property real lowest: Math.max(pager.implicitHeight, rest.text !== "" ? rest.implicitHeight : 0) + gap
    readonly property var heights: rowHeights()
    readonly property var starts: breaks()
    readonly property int page: Math.min(told.page, starts.length - 1)
    readonly property int first: starts[page] ?? 0
    readonly property int next: starts[page + 1] ?? heights.length
    // All of it, on one page.
    readonly property real whole: span(0, heights.length) - gap

    // For the moment in which a list becomes shorter.
    readonly property var nothing: ({
            key: "",
            icon: "",
            title: "",
            note: "",
            spoken: "",
            action: "",
            tone: "calm",
            still: false
        })

    signal chosen(string key)
    signal turned(int page)

    // How many lines a text takes in the smallest letters; words do not fill their lines.
    function linesOf(text: string, action: string): int {
        const end = action.length * (Theme.big ? 6.6 : 4.5);
        const room = boxWidth / Theme.unit - end - (boxWidth > Theme.mm(Theme.big ? 150 : 90) ? 40 : 21);
        return text ? Math.ceil(text.length * (Theme.big ? 5.9 : 3.9) / Math.max(1, room) + 0.2) : 0;
    }

    function rowHeights(): var {
        const found = [];
        lines.forEach((line, n) => {
            const action = line.action;
            const wanted = Theme.mm(linesOf(line.title, action) * (Theme.big ? 12 : 7.9) + linesOf(line.note, action) * (Theme.big ? 12.6 : 8.3) + (line.still ? 10 : 4));
            const row = Math.floor(n / columns);
            found[row] = Math.max(found[row] ?? 0, Math.floor(Math.min(most, Math.max(least, wanted))));
        });
        return found;
    }

    // What the rows take from one up to another, with a gap after each.
    function span(from: int, to: int): real {
        return heights.slice(from, to).reduce((sum, height) => sum + height + gap, 0);
    }

    // The first row of each page.
    function breaks(): var {
        if (told.more === "" && whole <= height)
            return [0];
        const found = [0];
        heights.forEach((_, row) => {
            const from = found[found.length - 1];
            if (row > from && span(from, row + 1) - gap > height - lowest)
                found.push(row);
        });
        return found;
    }

    Words {
        color: Theme.muted
        text: list.told.empty
        visible: text !== "" && list.lines.length === 0
        width: parent.width
    }

    Repeater {
        model: Math.max(0, Math.min(list.lines.length, list.next * list.columns) - list.first * list.columns)

        LineBox {
            required property int index
            readonly property int row: list.first + Math.floor(index / list.columns)

            height: list.heights[row] ?? list.least
            line: list.lines[list.first * list.columns + index] ?? list.nothing
            onClicked: list.chosen(line.key)
            width: list.boxWidth
            x: Math.round(index % list.columns * (list.width + list.gap) / list.columns)
            y: Math.round(list.span(list.first, row))
        }
    }

    Words {
        id: rest

        color: Theme.muted
        size: Theme.caption
        text: list.told.more
        visible: text !== "" && list.page === list.starts.length - 1
        width: parent.width
        y: list.span(list.first, list.next)
    }

    Pager {
        id: pager

        anchors.bottom: parent.bottom
        more: list.keys[1] ?? ""
        onTurned: page => list.turned(page)
        page: list.page
        pages: list.starts.length
        previous: list.keys[0] ?? ""
        width: parent.width
    }
}
