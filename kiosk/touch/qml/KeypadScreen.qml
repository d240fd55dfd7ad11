pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* Typing a dossier's code (the office's part stands there already), its secret, or a phone number. */
Item {
    id: screen

    required property TouchBridge bridge
    required property bool wide
    readonly property var keypad: bridge.keypad
    readonly property real gap: Theme.mm(4)
    // Large letters with little height: what went wrong goes before what may be done.
    readonly property bool close: Theme.big && (wide || height < Theme.mm(320))

    Item {
        id: head

        height: screen.wide ? screen.height : below.y + below.height
        width: screen.wide ? Math.round(screen.width * (Theme.big ? (!keys.digits ? 0.5 : screen.keypad.layout !== "" ? 0.53 : 0.6) : 0.42)) : screen.width

        Words {
            id: title

            size: screen.wide ? (Theme.big ? 6.4 : Theme.title) : Theme.heading
            text: screen.keypad.title
            weight: Font.Bold
            width: parent.width
        }

        Words {
            id: hint

            anchors.top: title.bottom
            anchors.topMargin: Theme.mm(1)
            color: Theme.muted
            size: Theme.caption
            text: screen.keypad.hint
            visible: !(screen.close && screen.keypad.note !== "")
            width: parent.width
            wrapMode: Text.Wrap
        }

        Entry {
            id: entry

            anchors.top: hint.visible ? hint.bottom : title.bottom
            anchors.topMargin: Theme.mm(screen.wide ? 4 : 7)
            empty: screen.keypad.empty
            entry: screen.keypad.entry
            height: Theme.mm(Theme.big ? 27 : screen.wide ? 22 : 26)
            label: screen.keypad.title
            onConfirmed: screen.bridge.search()
            onErased: screen.bridge.eraseKey()
            onWritten: sign => screen.bridge.typeKey(sign)
            ready: screen.keypad.ready
            signs: screen.keypad.signs
            width: parent.width
        }

        Column {
            id: below

            readonly property bool filled: screen.keypad.note !== "" || screen.keypad.card !== "" || screen.keypad.other !== ""

            anchors.top: entry.bottom
            anchors.topMargin: filled ? Theme.mm(screen.wide ? 4 : 5) : 0
            spacing: Theme.mm(4)
            width: parent.width

            Words {
                color: Theme.warning
                size: Theme.caption
                text: screen.keypad.note
                visible: text !== ""
                weight: Font.Bold
                width: parent.width
                wrapMode: Text.Wrap
            }

            ActionButton {
                iconName: "phone"
                onClicked: screen.bridge.act("own_phone")
                size: Theme.caption
                text: screen.keypad.other
                visible: text !== ""
                width: parent.width
            }

            Item {
                height: Math.max(cardWords.height, cardIcon.size)
                // The scanner reads the card all the same.
                visible: cardWords.text !== "" && !(screen.close && (screen.keypad.note !== "" || !keys.digits || below.y + cardWords.implicitHeight > head.height))
                width: parent.width

                Icon {
                    id: cardIcon

                    anchors.verticalCenter: parent.verticalCenter
                    color: Theme.navy
                    glyph: "card"
                    size: Theme.mm(10)
                }

                Words {
                    id: cardWords

                    anchors.verticalCenter: parent.verticalCenter
                    size: Theme.caption
                    text: screen.keypad.card
                    width: parent.width - x
                    wrapMode: Text.Wrap
                    x: cardIcon.size + Theme.mm(4)
                }
            }
        }
    }

    Item {
        id: keys

        readonly property int lines: screen.keypad.rows.length
        readonly property bool digits: lines > 0 && screen.keypad.rows[0].length < 5
        // Commands on one line, or on two where large letters need it.
        readonly property int foot: (Theme.big && screen.wide) || Math.max(measure.advanceWidth(screen.keypad.clear), measure.advanceWidth(screen.keypad.search) / 1.4) > width * 0.2 ? 2 : 1
        readonly property real keyHeight: Math.min(Theme.mm(40), (height - screen.gap * (lines + foot - 1)) / (lines + foot))
        height: screen.height - y
        width: screen.width - x
        x: screen.wide ? head.width + Theme.mm(8) : 0
        y: screen.wide ? 0 : head.height + Theme.mm(7)

        FontMetrics {
            id: measure

            font.family: Theme.family
            font.pixelSize: Theme.caps(Theme.body)
            font.weight: Font.DemiBold
        }

        KeyGrid {
            gap: screen.gap
            keyHeight: keys.keyHeight
            onTyped: key => screen.bridge.typeKey(key)
            rows: screen.keypad.rows
            width: keys.width
        }

        Flow {
            id: commands

            readonly property int others: screen.keypad.layout !== "" ? 3 : 2
            readonly property real part: keys.foot > 1 ? (width - (others - 1) * spacing) * (others > 2 ? 0.28 : 0.3) : (width - others * spacing) / (others + 1.4)
            // On two lines a sign takes less than a word.
            readonly property real sign: keys.foot > 1 ? Math.min(part, Math.max(Theme.mm(15.4), width * 0.15)) : part
            readonly property real rest: keys.foot > 1 ? width - (others > 2 ? Math.floor(part) + spacing : 0) - Math.floor(sign) - spacing : part
            readonly property real line: Math.floor(keys.keyHeight)

            spacing: screen.gap
            width: keys.width
            y: Math.round(keys.lines * (keys.keyHeight + screen.gap))

            ActionButton {
                height: commands.line
                leftPadding: 0
                onClicked: screen.bridge.switchKeys()
                rightPadding: 0
                text: screen.keypad.layout
                visible: text !== ""
                width: Math.floor(commands.part)
            }

            ActionButton {
                Accessible.name: screen.keypad.erase
                height: commands.line
                iconName: "backspace"
                leftPadding: 0
                onClicked: screen.bridge.eraseKey()
                rightPadding: 0
                width: Math.floor(commands.sign)
            }

            ActionButton {
                height: commands.line
                leftPadding: 0
                onClicked: screen.bridge.clearEntry()
                rightPadding: 0
                text: screen.keypad.clear
                width: Math.floor(commands.rest)
            }

            ActionButton {
                enabled: screen.keypad.ready
                height: commands.line
                kind: ActionButton.Primary
                leftPadding: Theme.mm(keys.foot > 1 || screen.keypad.search.length > 7 ? 0 : 2)
                onClicked: screen.bridge.search()
                rightPadding: leftPadding
                text: screen.keypad.search
                width: Math.floor(keys.foot > 1 ? commands.width : commands.part * 1.4)
            }
        }
    }
}
