pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui

/* One block of a text: a heading, a paragraph, an item of a list, a fact below its label, a row of a table, or a square
   for a phone beside its words. */
Item {
    id: piece

    required property var told
    required property real textSize
    readonly property bool row: told.kind === "row" || told.kind === "head"
    readonly property bool heading: told.kind === "heading"
    readonly property bool title: told.kind === "title"
    readonly property bool form: told.kind === "form"
    readonly property bool item: told.kind === "item"
    // Not what can be seen: a block has the same height on a page that is not shown.
    readonly property bool labelled: label.text !== ""
    readonly property bool noted: below.text !== ""
    readonly property real markWidth: Theme.mm(Theme.big ? 16 : 11)
    readonly property real indent: item ? markWidth + Theme.mm(9 * told.depth) : form ? code.width + Theme.mm(5) : 0

    implicitHeight: row ? cells.height + Theme.mm(4) : form ? Math.max(code.height, words.height) : words.y + words.height + (noted ? below.height : 0)

    Words {
        id: label

        color: Theme.muted
        size: Theme.caption
        text: piece.told.kind === "fact" ? piece.told.note : ""
        visible: piece.labelled
        width: parent.width
    }

    Words {
        color: Theme.navy
        size: piece.textSize
        text: piece.told.mark
        visible: text !== ""
        weight: Font.Bold
        wrapMode: Text.NoWrap
        x: piece.indent - piece.markWidth
    }

    Words {
        id: words

        size: piece.heading ? Theme.title : piece.textSize
        text: piece.told.text
        visible: !piece.row
        weight: piece.heading || piece.title ? Font.Bold : piece.told.kind === "fact" ? Font.DemiBold : Font.Normal
        width: parent.width - x
        wrapMode: Text.Wrap
        x: piece.indent
        y: piece.labelled ? label.height : piece.form ? (code.height - height) / 2 : 0
    }

    Words {
        id: below

        color: Theme.muted
        size: Theme.caption
        text: piece.item ? piece.told.note : ""
        visible: piece.noted
        width: words.width
        x: piece.indent
        y: words.y + words.height
    }

    PhoneCode {
        id: code

        says: piece.told.qr
        side: Theme.mm(38)
        visible: piece.form
    }

    Row {
        id: cells

        readonly property int count: piece.told.cells.length

        spacing: Theme.mm(4)
        visible: piece.row
        width: parent.width
        y: Theme.mm(1.6)

        Repeater {
            model: cells.count

            Words {
                required property int index

                color: piece.told.kind === "head" ? Theme.muted : Theme.ink
                size: piece.told.kind === "head" ? Theme.caption : piece.textSize
                text: piece.told.cells[index] ?? ""
                weight: piece.told.kind === "head" ? Font.DemiBold : Font.Medium
                width: (cells.width - cells.spacing * (cells.count - 1)) / cells.count
                wrapMode: Text.Wrap
            }
        }
    }

    Rectangle {
        color: Theme.line
        height: Theme.hair
        visible: piece.row
        width: parent.width
        y: parent.height - height
    }
}
