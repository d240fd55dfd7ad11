pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui

/* A text in blocks: as many on a page as stand there whole, and keys to turn it. */
Item {
    id: pieces

    required property var told
    required property var keys
    property real textSize: Theme.body
    // Pages that stand before these, which are not pieces.
    property int before: 0
    readonly property var blocks: told.pieces
    readonly property real lowest: pager.implicitHeight + Theme.mm(4)
    readonly property var starts: breaks()
    readonly property int page: Math.max(0, Math.min(told.part - before, starts.length - 1))
    readonly property int first: starts[page] ?? 0
    readonly property int next: starts[page + 1] ?? blocks.length
    readonly property real offset: repeater.count > first ? (repeater.itemAt(first) as PlacedPiece)?.begins ?? 0 : 0

    // For the moment in which a text becomes shorter.
    readonly property var nothing: ({
            kind: "text",
            text: "",
            mark: "",
            note: "",
            depth: 0,
            cells: [],
            qr: ""
        })

    signal turned(int page)

    // The first block of each page; a heading never stands last on one.
    function breaks(): var {
        const count = repeater.count;
        const last = count > 0 ? repeater.itemAt(count - 1) as PlacedPiece : null;
        if (!last || last.ends <= height)
            return [0];
        const room = height - lowest;
        const found = [0];
        let top = 0;
        for (let n = 1; n < count; n++) {
            const block = repeater.itemAt(n) as PlacedPiece;
            if (!block || block.ends - top <= room)
                continue;
            const before = repeater.itemAt(n - 1) as PlacedPiece;
            const at = before && before.piece.heading && n - 1 > found[found.length - 1] ? n - 1 : n;
            found.push(at);
            top = (repeater.itemAt(at) as PlacedPiece).begins;
        }
        return found;
    }

    component PlacedPiece: Item {
        id: placed

        required property int index
        readonly property alias piece: text
        readonly property PlacedPiece before: index > 0 ? repeater.itemAt(index - 1) as PlacedPiece : null
        readonly property real lead: !before ? 0 : text.heading ? Theme.mm(7) : text.row && before.piece.row || text.title && before.piece.title ? 0 : Theme.mm(3.4)
        readonly property real begins: before ? before.ends + lead : 0
        readonly property real ends: begins + text.implicitHeight

        height: text.implicitHeight
        visible: index >= pieces.first && index < pieces.next
        width: pieces.width
        y: begins - pieces.offset

        PieceText {
            id: text

            height: implicitHeight
            textSize: pieces.textSize
            told: pieces.blocks[placed.index] ?? pieces.nothing
            width: placed.width
        }
    }

    Repeater {
        id: repeater

        model: pieces.blocks.length

        PlacedPiece {}
    }

    Pager {
        id: pager

        anchors.bottom: parent.bottom
        more: pieces.keys[1] ?? ""
        onTurned: page => pieces.turned(page)
        page: pieces.before + pieces.page
        pages: pieces.before + pieces.starts.length
        previous: pieces.keys[0] ?? ""
        width: parent.width
    }
}
