pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* The number just taken; where to go, how many are ahead; the paper, or what to do without it. */
Item {
    id: screen

    required property TouchBridge bridge
    required property bool wide
    readonly property var ticket: bridge.ticket
    readonly property real gap: Theme.mm(wide ? Theme.gap : 8)
    readonly property bool noted: ticket.notes.length > 0
    // Large letters on a wide glass: what one must know goes before the code for phones.
    readonly property bool apart: noted && wide && Theme.big
    // And on a small one it has a wider place.
    readonly property bool narrow: apart && width * 0.44 < Theme.mm(155)
    readonly property bool phone: ticket.qr !== "" && !apart && !low
    // Upright, within reach and in large letters: what one must know goes before the code for phones.
    readonly property bool low: (noted || facts.stacked) && Theme.big && !wide && height < Theme.mm(320)
    // Then it stands beside the words that there is no paper, where these leave room.
    readonly property bool within: ticket.qr !== "" && apart && !ticket.paper && !take.narrow && texts.high(76, true) <= take.height
    // Upright, with all of that and little height: the number stays the largest thing on the screen.
    readonly property bool close: (noted || !ticket.paper) && phone && !wide && (Theme.big || height < Theme.mm(340))

    Card {
        id: sheet

        readonly property real pad: Theme.mm(screen.wide ? 7 : 14)

        height: screen.wide ? screen.height : Math.min(Theme.mm(Theme.big || screen.noted ? 240 : 205), screen.height - take.height - screen.gap - (screen.phone ? follow.height + screen.gap : 0))
        width: screen.wide ? Math.round(screen.width * (screen.narrow ? 0.51 : 0.56)) : screen.width

        Row {
            id: title

            anchors.horizontalCenter: parent.horizontalCenter
            spacing: Theme.mm(4)
            y: sheet.pad

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                color: Theme.ready
                glyph: "check-circle"
                size: Theme.mm(12)
            }

            Words {
                anchors.verticalCenter: parent.verticalCenter
                color: Theme.ready
                size: screen.wide ? 6.2 : 7
                text: screen.ticket.title
                weight: Font.Bold
                width: Math.min(Math.ceil(implicitWidth), sheet.width - 2 * Theme.mm(5) - Theme.mm(16))
            }
        }

        BigNumber {
            id: number

            anchors.bottom: service.top
            anchors.left: parent.left
            anchors.leftMargin: sheet.pad
            anchors.right: parent.right
            anchors.rightMargin: sheet.pad
            anchors.top: title.bottom
            text: screen.ticket.number
        }

        Words {
            id: service

            anchors.bottom: rule.top
            anchors.bottomMargin: screen.noted && !screen.apart ? notes.height + sheet.pad * 0.6 + Theme.mm(screen.wide ? 3 : 5) : sheet.pad * 0.8
            fit: true
            height: Math.min(implicitHeight, Theme.mm(screen.wide ? (Theme.big ? 42 : 24) : 32))
            horizontalAlignment: Text.AlignHCenter
            size: screen.wide ? 7 : 8.2
            text: screen.ticket.service
            verticalAlignment: Text.AlignBottom
            weight: Font.Bold
            width: parent.width - 2 * sheet.pad
            x: sheet.pad
        }

        Rectangle {
            id: rule

            anchors.bottom: facts.top
            anchors.bottomMargin: sheet.pad * 0.7
            color: Theme.line
            height: Theme.hair
            width: parent.width - 2 * sheet.pad
            x: sheet.pad
        }

        FactRow {
            id: facts

            anchors.bottom: parent.bottom
            anchors.bottomMargin: sheet.pad * 0.9
            facts: screen.ticket.facts
            height: stacked ? stackedHeight : Theme.mm(Theme.big ? 30 : screen.wide ? 23 : 24)
            size: screen.wide ? (Theme.big ? 6.2 : 6.8) : 7.6
            stacked: !fits || (screen.wide && Theme.big)
            width: parent.width - sheet.pad * (screen.wide ? 2 : 1)
            x: sheet.pad * (screen.wide ? 1 : 0.5)
        }
    }

    Rectangle {
        id: take

        readonly property bool upright: screen.wide && !screen.phone && !screen.apart
        readonly property bool narrow: screen.narrow
        readonly property real pad: Theme.mm(narrow || close ? 4 : screen.wide ? 7 : 11)
        // Words that need all of the panel have it alone.
        readonly property bool close: screen.wide && screen.phone && Theme.big && texts.high(36, false) > height - Theme.mm(6)

        color: screen.ticket.paper ? Theme.navy : Theme.warning
        height: screen.wide ? (screen.apart ? screen.height - noteCard.height - screen.gap : screen.phone ? Math.round((screen.height - screen.gap) * (Theme.big ? 0.66 : 0.5)) : screen.height) : screen.close ? texts.height + 2 * Theme.mm(6) : Math.max(Theme.mm(44), texts.height + 2 * Theme.mm(8))
        radius: Theme.mm(Theme.cardRadius)
        width: screen.wide ? screen.width - sheet.width - screen.gap : screen.width
        x: screen.wide ? sheet.width + screen.gap : 0
        y: screen.wide ? 0 : sheet.height + screen.gap

        Icon {
            id: takeIcon

            color: Theme.onDark
            glyph: screen.ticket.paper ? "ticket" : "camera"
            size: Theme.mm(take.upright ? 30 : screen.wide ? 16 : 23)
            visible: !take.narrow && !take.close && !screen.within
            x: take.upright ? (take.width - width) / 2 : take.pad
            y: take.upright ? texts.y - height - Theme.mm(7) : (take.height - height) / 2
        }

        Rectangle {
            id: code

            color: Theme.card
            height: width
            radius: Theme.mm(3)
            visible: screen.within
            width: Theme.mm(56)
            x: take.pad
            y: (take.height - height) / 2

            PhoneCode {
                anchors.centerIn: parent
                says: screen.ticket.qr
                side: Theme.mm(52)
                visible: screen.within
            }
        }

        FontMetrics {
            id: metrics

            font.family: Theme.family
            font.pixelSize: Theme.caps(Theme.caption)
            font.weight: Font.DemiBold
        }

        Column {
            id: texts

            readonly property int alignment: take.upright ? Text.AlignHCenter : Text.AlignLeft
            // What they would need where so many millimetres of the panel are not theirs; words do not fill their lines.
            function high(beside: real, phone: bool): real {
                return lines(screen.ticket.take, 6.6, beside) + lines(screen.ticket.keep, Theme.caption, beside) + (phone ? lines(screen.ticket.phone_title, Theme.caption, beside) : 0) + 2 * spacing;
            }

            function lines(text: string, size: real, beside: real): real {
                const letters = Theme.caps(size);
                const wide = metrics.advanceWidth(text) * letters / metrics.font.pixelSize * 1.12;
                return Math.ceil(wide / (take.width - Theme.mm(beside))) * letters * Theme.lineHeight;
            }

            spacing: Theme.mm(take.upright ? 3 : 1)
            width: (take.upright ? take.width - take.pad : arrow.visible ? arrow.x - take.pad * 0.7 : take.width - take.pad) - x
            x: screen.within ? code.x + code.width + take.pad * 0.9 : take.upright || take.narrow || take.close ? take.pad : takeIcon.x + takeIcon.width + take.pad * 0.9
            y: (take.height - height) / 2

            Words {
                id: takeTitle

                color: Theme.onDark
                fit: true
                height: Math.min(implicitHeight, take.height * 0.6)
                horizontalAlignment: texts.alignment
                size: screen.wide ? 6.6 : Theme.title
                text: screen.ticket.take
                weight: Font.Bold
                width: parent.width
            }

            Words {
                color: Theme.onDarkQuiet
                horizontalAlignment: texts.alignment
                size: Theme.caption
                text: screen.ticket.keep
                // In large letters on a low glass what to do goes before why, which is read aloud.
                visible: !take.narrow || takeTitle.height + texts.spacing + implicitHeight <= take.height - Theme.mm(3)
                width: parent.width
            }

            Words {
                color: Theme.onDark
                horizontalAlignment: texts.alignment
                size: Theme.caption
                text: screen.ticket.phone_title
                visible: screen.within
                weight: Font.Bold
                width: parent.width
            }
        }

        Icon {
            id: arrow

            color: Theme.onDark
            glyph: "arrow-down"
            size: Theme.mm(take.upright ? 20 : screen.wide ? 12 : 16)
            visible: screen.ticket.paper && !Theme.big
            x: take.upright ? (take.width - width) / 2 : take.width - width - take.pad
            y: take.upright ? texts.y + texts.height + Theme.mm(7) : (take.height - height) / 2
        }
    }

    Card {
        id: noteCard

        readonly property real pad: take.narrow ? take.pad : sheet.pad

        bordered: true
        height: screen.apart ? notes.height + Theme.mm(12) : 0
        raised: false
        visible: screen.apart
        width: take.width
        x: take.x
        y: screen.height - height
    }

    NoteList {
        id: notes

        brief: screen.close || screen.low || (Theme.big && screen.wide)
        notes: screen.ticket.notes
        room: screen.apart ? screen.height * 0.5 : sheet.height * 0.36
        upright: !screen.wide
        visible: screen.noted
        width: screen.apart ? noteCard.width - 2 * noteCard.pad : sheet.width - 2 * sheet.pad
        x: screen.apart ? noteCard.x + noteCard.pad : sheet.pad
        y: screen.apart ? noteCard.y + (noteCard.height - height) / 2 : sheet.y + rule.y - height - sheet.pad * 0.6
    }

    Card {
        id: follow

        bordered: true
        height: screen.wide ? screen.height - y : Theme.mm(screen.close ? 50 : 66)
        raised: false
        visible: screen.phone
        width: take.width
        x: take.x
        y: take.y + take.height + screen.gap

        PhoneCode {
            id: picture

            anchors.verticalCenter: parent.verticalCenter
            says: screen.ticket.qr
            side: Math.min(follow.height - Theme.mm(9), Theme.mm(screen.wide ? 52 : 58))
            visible: screen.phone
            x: Theme.mm(screen.wide ? 4 : 9)
        }

        Column {
            anchors.left: picture.right
            anchors.leftMargin: Theme.mm(screen.wide ? 4 : 9)
            anchors.right: parent.right
            anchors.rightMargin: Theme.mm(6)
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.mm(1.6)

            Words {
                size: screen.wide ? Theme.body : 6.4
                text: screen.ticket.phone_title
                weight: Font.Bold
                width: parent.width
            }

            Words {
                color: Theme.muted
                fit: true
                height: screen.phone ? Math.min(implicitHeight, follow.height * 0.6) : implicitHeight
                size: Theme.caption
                text: screen.ticket.phone_text
                visible: screen.wide ? !Theme.big && screen.width > Theme.mm(330) : !screen.close
                width: parent.width
            }
        }
    }
}
