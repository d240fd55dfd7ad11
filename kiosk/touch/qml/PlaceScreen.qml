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
    // Upright, within reach and in large letters.
    readonly property bool low: Theme.big && !wide && height < Theme.mm(320)
    readonly property real foot: giveUp.visible ? giveUp.height + gap : 0

    AnswerPanel {
        id: answer

        action: screen.place.main
        close: screen.low
        glyph: screen.place.icon
        height: screen.wide ? screen.height - (noteCard.visible ? noteCard.height + screen.gap : 0) : implicitHeight
        now: screen.place.text
        onChosen: screen.bridge.act(screen.place.main_key)
        title: screen.place.title
        tone: screen.place.tone
        wide: screen.wide
        width: screen.wide ? Math.round(screen.width * 0.46) : screen.width
    }

    Card {
        id: noteCard

        bordered: true
        height: screen.wide ? notes.height + Theme.mm(12) : 0
        raised: false
        visible: screen.wide && sheet.noted
        width: answer.width
        y: screen.height - height
    }

    Card {
        id: sheet

        readonly property real pad: Theme.mm(screen.wide ? 8 : screen.low ? 7 : 13)
        readonly property bool told: screen.place.facts.length > 0
        readonly property bool noted: screen.place.notes.length > 0
        readonly property bool inside: noted && !screen.wide

        height: screen.wide ? screen.height - screen.foot : Math.min(Theme.mm(noted ? 235 : 180), screen.height - y - screen.foot)
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
            anchors.bottomMargin: sheet.inside ? notes.height + sheet.pad * 0.8 + Theme.mm(5) : sheet.pad
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
            height: stacked ? stackedHeight : Theme.mm(Theme.big ? 30 : 23)
            stacked: !fits || (screen.wide && Theme.big)
            visible: sheet.told
            width: parent.width - 2 * sheet.pad
            x: sheet.pad
        }
    }

    NoteList {
        id: notes

        brief: Theme.big && (screen.wide || screen.low)
        notes: screen.place.notes
        room: screen.wide ? screen.height * 0.5 : sheet.height * 0.4
        upright: !screen.wide
        visible: sheet.noted
        width: (screen.wide ? answer.width : sheet.width) - 2 * sheet.pad
        x: sheet.pad
        y: screen.wide ? noteCard.y + (noteCard.height - height) / 2 : sheet.y + (sheet.told ? facts.y : sheet.height) - height - sheet.pad * 0.8
    }

    ActionButton {
        id: giveUp

        height: Theme.mm(Theme.target)
        iconName: "x"
        onClicked: screen.bridge.act("give_up")
        text: screen.place.give_up
        visible: text !== ""
        width: sheet.width
        x: sheet.x
        y: sheet.y + sheet.height + screen.gap
    }
}
