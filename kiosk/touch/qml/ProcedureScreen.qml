pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* A procedure: its papers, deadlines and fees; beside them the number to take and the list to print. */
Item {
    id: screen

    required property CatalogueBridge bridge
    required property bool wide
    readonly property var procedure: bridge.procedure
    readonly property real gap: Theme.mm(wide ? Theme.gap : 7)
    // A name that is too long to stand above the text, or leaves too little of it, is the first of what is read.
    readonly property bool within: name.truncated || (Theme.big && sheet.height < Theme.mm(190))
    readonly property var reading: within ? Object.assign({}, procedure.text, {
        pieces: [...procedure.text.head, ...procedure.text.pieces]
    }) : procedure.text

    Card {
        id: sheet

        readonly property real pad: Theme.mm(screen.wide ? 8 : 13)

        height: screen.wide ? screen.height : panel.y - screen.gap
        width: screen.wide ? screen.width - panel.width - screen.gap : screen.width

        Words {
            id: about

            color: Theme.muted
            fit: true
            height: Math.min(implicitHeight, Theme.mm(Theme.big ? 26 : 18))
            size: Theme.caption
            text: screen.procedure.text.about
            visible: !screen.within
            weight: Font.Medium
            width: parent.width - 2 * sheet.pad
            x: sheet.pad
            y: sheet.pad * 0.8
        }

        Words {
            id: name

            elide: Text.ElideRight
            fit: true
            height: Math.min(implicitHeight, Theme.mm(Theme.big ? (screen.wide ? 40 : screen.height < Theme.mm(320) ? 26 : 60) : screen.wide ? 34 : 44))
            lineHeight: 0.95
            size: screen.wide ? 6.6 : 8.2
            text: screen.procedure.text.title
            visible: !screen.within
            weight: Font.Bold
            width: about.width
            x: sheet.pad
            y: about.y + about.height + Theme.mm(1)
        }

        Rectangle {
            id: rule

            color: Theme.line
            height: Theme.hair
            visible: !screen.within
            width: about.width
            x: sheet.pad
            y: name.y + name.height + Theme.mm(screen.wide ? 3 : 5)
        }

        Pieces {
            height: sheet.height - y - sheet.pad * 0.8
            keys: screen.bridge.keys
            onTurned: page => screen.bridge.turnPart(page)
            told: screen.reading
            width: about.width
            x: sheet.pad
            y: screen.within ? sheet.pad * 0.8 : rule.y + Theme.mm(screen.wide ? 4 : 6)
        }
    }

    Rectangle {
        id: panel

        readonly property bool takes: screen.procedure.take !== ""
        readonly property color inkColor: takes ? Theme.onDark : Theme.ink
        readonly property real pad: Theme.mm(screen.wide ? 7 : 11)
        readonly property bool stacked: screen.wide || Theme.big

        border.color: Theme.border
        border.width: takes ? 0 : Theme.rim
        color: takes ? Theme.navy : Theme.card
        height: screen.wide ? screen.height - below.height - screen.gap : texts.height + 2 * Theme.mm(8) + (stacked && takes ? take.height + Theme.mm(6) : 0)
        radius: Theme.mm(Theme.cardRadius)
        width: screen.wide ? Math.round(screen.width * (!Theme.big ? 0.34 : takes ? 0.38 : 0.44)) : screen.width
        x: screen.width - width
        y: screen.wide ? 0 : below.y - screen.gap - height

        Column {
            id: texts

            spacing: Theme.mm(2)
            width: (panel.stacked || !panel.takes ? panel.width - panel.pad : take.x - Theme.mm(6)) - x
            x: panel.pad
            y: screen.wide ? panel.pad : Theme.mm(8)

            Words {
                color: panel.takes ? Theme.onDarkQuiet : Theme.muted
                size: panel.takes ? Theme.caption : Theme.body
                text: screen.procedure.label
                weight: panel.takes ? Font.Normal : Font.Bold
                width: parent.width
            }

            Words {
                color: panel.inkColor
                size: panel.takes ? (screen.wide ? Theme.title : 8.2) : Theme.body
                text: screen.procedure.service
                weight: panel.takes ? Font.Bold : Font.Normal
                width: parent.width
            }

            Words {
                color: panel.inkColor
                size: Theme.caption
                text: screen.procedure.queue
                visible: text !== "" && !(Theme.big && screen.wide && told.visible)
                weight: screen.procedure.tone === "warn" ? Font.Bold : Font.Medium
                width: parent.width
            }
        }

        ActionButton {
            id: take

            height: Math.max(Theme.mm(screen.wide ? 24 : 29), implicitHeight)
            iconName: Theme.big && screen.wide ? "" : "ticket"
            kind: ActionButton.Light
            lightInk: Theme.navy
            onClicked: screen.bridge.take()
            size: panel.width < Theme.mm(110) ? Theme.body : screen.wide ? 6.4 : Theme.title
            text: screen.procedure.take
            visible: panel.takes
            width: panel.stacked ? panel.width - 2 * panel.pad : Math.max(implicitWidth, Theme.mm(78))
            x: panel.width - width - panel.pad
            y: panel.stacked ? panel.height - height - (screen.wide ? panel.pad : Theme.mm(8)) : (panel.height - height) / 2
        }
    }

    Item {
        id: below

        height: told.visible ? told.height : printKey.height
        width: panel.width
        x: panel.x
        y: screen.height - height

        ActionButton {
            id: printKey

            height: Math.max(Theme.mm(screen.wide ? 22 : 24), implicitHeight)
            iconName: "printer"
            onClicked: screen.bridge.printPapers()
            text: screen.procedure.print
            visible: text !== ""
            width: parent.width
        }

        Rectangle {
            id: told

            border.color: Theme.border
            border.width: Theme.rim
            color: Theme.tint
            height: toldText.height + Theme.mm(9)
            radius: Theme.mm(Theme.buttonRadius)
            visible: toldText.text !== ""
            width: parent.width

            Icon {
                id: toldIcon

                color: Theme.navy
                glyph: "printer"
                size: Theme.mm(9)
                x: Theme.mm(5)
                y: (told.height - height) / 2
            }

            Words {
                id: toldText

                color: Theme.navy
                size: Theme.caption
                text: screen.procedure.printed
                weight: Font.DemiBold
                width: told.width - x - Theme.mm(5)
                x: toldIcon.x + toldIcon.width + Theme.mm(4)
                y: (told.height - height) / 2
            }
        }
    }
}
