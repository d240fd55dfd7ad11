pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* Typing, and what it finds at each key. */
Item {
    id: screen

    required property CatalogueBridge bridge
    required property bool wide
    readonly property var told: bridge.searching
    readonly property real gap: Theme.mm(4)

    Item {
        id: head

        height: entry.y + entry.height
        width: screen.wide ? Math.round(screen.width * (Theme.big ? 0.54 : 0.46)) : screen.width

        Words {
            id: title

            size: screen.wide ? Theme.title : Theme.heading
            text: screen.told.title
            visible: !(Theme.big && screen.wide)
            weight: Font.Bold
            width: parent.width
        }

        Words {
            id: hint

            color: Theme.muted
            size: Theme.caption
            text: screen.told.hint
            visible: !Theme.big
            width: parent.width
            y: title.height + Theme.mm(1)
        }

        Entry {
            id: entry

            empty: screen.told.empty
            entry: screen.told.entry
            height: Theme.mm(Theme.big ? 28 : screen.wide ? 20 : 24)
            label: screen.told.title
            onErased: screen.bridge.eraseKey()
            onWritten: sign => screen.bridge.typeKey(sign)
            signs: "ABCDEFGHIJKLMNOPQRSTUVWXYZ "
            size: Theme.title
            width: parent.width
            wrapMode: Text.WordWrap
            y: hint.visible ? hint.y + hint.height + Theme.mm(3) : title.visible ? title.height + Theme.mm(3) : 0
        }
    }

    Item {
        id: pad

        readonly property int lines: screen.told.rows.length
        // Commands on one line, or on two where large letters need it.
        readonly property int foot: screen.wide && (Theme.big || measure.advanceWidth(screen.told.clear) > width * 0.28) ? 2 : 1
        readonly property real most: screen.wide ? screen.height - head.height - Theme.mm(5) : screen.height * 0.42
        readonly property real keyHeight: Math.min(Theme.mm(24), Math.max(Theme.mm(15.4), (most - screen.gap * (lines + foot - 1)) / (lines + foot)))

        height: lines * (keyHeight + screen.gap) + foot * (keyHeight + screen.gap) - screen.gap
        width: head.width
        y: screen.wide ? head.height + Theme.mm(5) : screen.height - height

        FontMetrics {
            id: measure

            font.family: Theme.family
            font.pixelSize: Theme.caps(Theme.body)
            font.weight: Font.DemiBold
        }

        KeyGrid {
            gap: screen.gap
            keyHeight: pad.keyHeight
            onTyped: key => screen.bridge.typeKey(key)
            rows: screen.told.rows
            width: pad.width
        }

        Flow {
            id: commands

            readonly property real share: pad.foot > 1 ? (width - spacing) / 2 : (width - 3 * spacing) / 4.5
            readonly property real line: Math.floor(pad.keyHeight)

            spacing: screen.gap
            width: pad.width
            y: Math.round(pad.lines * (pad.keyHeight + screen.gap))

            ActionButton {
                height: commands.line
                leftPadding: 0
                onClicked: screen.bridge.switchKeys()
                rightPadding: 0
                text: screen.told.layout
                width: Math.floor(commands.share)
            }

            ActionButton {
                height: commands.line
                leftPadding: Theme.mm(1)
                onClicked: screen.bridge.typeKey(" ")
                rightPadding: Theme.mm(1)
                text: screen.told.space
                width: Math.floor(pad.foot > 1 ? commands.share : commands.share * 1.1)
            }

            ActionButton {
                height: commands.line
                leftPadding: 0
                onClicked: screen.bridge.clearEntry()
                rightPadding: 0
                text: screen.told.clear
                width: Math.floor(commands.share * 1.4)
            }

            ActionButton {
                Accessible.name: screen.told.erase
                height: commands.line
                iconName: "backspace"
                leftPadding: 0
                onClicked: screen.bridge.eraseKey()
                rightPadding: 0
                width: Math.floor(pad.foot > 1 ? commands.share * 0.6 : commands.share)
            }
        }
    }

    LineList {
        height: screen.wide ? screen.height : pad.y - Theme.mm(6) - y
        keys: screen.bridge.keys
        least: Theme.mm(26)
        most: (height - Theme.mm(Theme.target) - 2 * gap) / 2
        onChosen: key => screen.bridge.openProcedure(key)
        onTurned: page => screen.bridge.turnPage(page)
        told: screen.told.main
        width: screen.width - x
        x: screen.wide ? head.width + Theme.mm(8) : 0
        y: screen.wide ? 0 : head.height + Theme.mm(6)
    }
}
