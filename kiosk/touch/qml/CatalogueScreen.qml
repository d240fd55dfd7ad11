pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* The fields of procedures and the notices of the office; or, when a field is open, its procedures. */
Item {
    id: screen

    required property CatalogueBridge bridge
    required property bool wide
    readonly property var browse: bridge.browse
    readonly property real gap: Theme.mm(wide ? 4.4 : Theme.gap)
    readonly property bool noted: browse.notices_title !== ""
    // Beside each other on a wide glass, below each other on a high one.
    readonly property real notesWidth: noted ? (wide ? Math.round(width * (Theme.big ? 0.42 : 0.34)) : width) : 0

    Words {
        id: title

        fit: true
        height: Math.min(implicitHeight, Theme.mm(screen.wide ? 24 : 40))
        size: screen.wide ? 8 : Theme.heading
        text: screen.browse.title
        weight: Font.Bold
        width: fields.width
    }

    Words {
        id: hint

        color: Theme.muted
        size: Theme.caption
        text: screen.browse.hint
        visible: text !== ""
        width: fields.width
        y: title.height + Theme.mm(1)
    }

    SearchBox {
        id: search

        onClicked: screen.bridge.startSearch()
        text: screen.browse.search
        visible: text !== ""
        width: fields.width
        y: (hint.visible ? hint.y + hint.height : title.height) + Theme.mm(screen.wide ? 3 : 5)
    }

    LineList {
        id: fields

        readonly property real under: search.visible ? search.y + search.height : hint.visible ? hint.y + hint.height : title.height

        columns: screen.browse.open ? (screen.wide && !Theme.big && screen.width > Theme.mm(350) ? 2 : 1) : Theme.big ? 1 : 2
        height: (screen.noted && !screen.wide ? notesTitle.y - screen.gap * 1.4 : screen.height) - y
        keys: screen.bridge.keys
        least: Theme.mm(screen.browse.open ? 26 : 24)
        onChosen: key => screen.browse.open ? screen.bridge.openProcedure(key) : screen.browse.search !== "" ? screen.bridge.openField(key) : screen.bridge.openPage(key)
        onTurned: page => screen.bridge.turnPage(page)
        told: screen.browse.search !== "" || screen.browse.open ? screen.browse.main : screen.browse.notices
        width: screen.width - (screen.noted && screen.wide ? screen.notesWidth + Theme.mm(8) : 0)
        y: under + Theme.mm(screen.wide ? 4 : 6)
    }

    Words {
        id: notesTitle

        size: screen.wide ? Theme.body : Theme.title
        text: screen.browse.notices_title
        visible: screen.noted
        weight: Font.Bold
        width: screen.notesWidth
        x: screen.wide ? screen.width - width : 0
        y: screen.wide ? 0 : notes.y - height - Theme.mm(3)
    }

    LineList {
        id: notes

        columns: screen.wide || Theme.big ? 1 : 2
        // Upright it takes what its lines need, but never more than a part of the height.
        height: screen.wide ? screen.height - y : Math.min(whole, screen.height * 0.36)
        keys: screen.bridge.keys
        least: Theme.mm(24)
        onChosen: key => screen.bridge.openPage(key)
        onTurned: page => screen.bridge.turnAside(page)
        told: screen.browse.notices
        visible: screen.noted
        width: screen.notesWidth
        x: notesTitle.x
        y: screen.wide ? notesTitle.height + Theme.mm(4) : screen.height - height
    }
}
