pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* A scanned ticket: where it stands now, kept up to date while it is shown. */
Item {
    id: screen

    required property TouchBridge bridge
    required property bool wide
    readonly property var place: bridge.place
    readonly property real gap: Theme.mm(wide ? Theme.gap : 8)

    AnswerPanel {
        id: answer

        glyph: screen.place.icon
        height: screen.wide ? screen.height : implicitHeight
        now: screen.place.text
        title: screen.place.title
        tone: screen.place.tone
        wide: screen.wide
        width: screen.wide ? Math.round(screen.width * 0.46) : screen.width
    }

    Card {
        id: sheet

        readonly property real pad: Theme.mm(screen.wide ? 8 : 13)
        readonly property bool told: screen.place.facts.length > 0

        height: screen.wide ? screen.height : Math.min(Theme.mm(180), screen.height - y)
        width: screen.wide ? screen.width - x : screen.width
        x: screen.wide ? answer.width + screen.gap : 0
        y: screen.wide ? 0 : answer.height + screen.gap

        Words {
            id: label

            color: Theme.muted
            horizontalAlignment: Text.AlignHCenter
            text: screen.place.label
            weight: Font.DemiBold
            width: parent.width - 2 * sheet.pad
            x: sheet.pad
            y: sheet.pad
        }

        BigNumber {
            id: number

            anchors.bottom: service.top
            anchors.top: label.bottom
            text: screen.place.number
            width: parent.width - 2 * sheet.pad
            x: sheet.pad
        }

        Words {
            id: service

            anchors.bottom: sheet.told ? facts.top : parent.bottom
            anchors.bottomMargin: sheet.pad
            fit: true
            height: Math.min(implicitHeight, Theme.mm(30))
            horizontalAlignment: Text.AlignHCenter
            size: Theme.title
            text: screen.place.service
            weight: Font.Bold
            width: parent.width - 2 * sheet.pad
            x: sheet.pad
        }

        FactRow {
            id: facts

            anchors.bottom: parent.bottom
            anchors.bottomMargin: sheet.pad
            facts: screen.place.facts
            height: stacked ? Theme.mm(14) * screen.place.facts.length : Theme.mm(Theme.big ? 30 : 23)
            stacked: Theme.big && screen.wide
            visible: sheet.told
            width: parent.width - 2 * sheet.pad
            x: sheet.pad
        }
    }
}
