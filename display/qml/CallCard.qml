pragma ComponentBehavior: Bound

import QtQuick
import display.bridge
import kiosk.ui

/* One call, huge: the number, and where to go. */
Item {
    id: card

    required property BoardBridge board
    required property var call
    property bool lit: false
    readonly property var plan: card.board.plan
    readonly property bool alone: plan.card_head === 0
    readonly property bool bright: !board.stale
    readonly property color inkColor: bright ? Theme.board.callInk : Theme.board.text
    readonly property color quietColor: bright ? Theme.board.callInk : Theme.board.quiet
    readonly property real pad: plan.hero_pad
    readonly property real inner: width - 2 * pad

    Accessible.name: card.call.spoken
    Accessible.role: Accessible.AlertMessage

    Rectangle {
        anchors.fill: parent
        color: card.bright ? card.lit && card.call.blinking ? Theme.board.text : Theme.board.call : Theme.board.row
        radius: card.plan.radius
    }

    Words {
        id: lead

        color: card.inkColor
        font.pixelSize: card.plan.lead_px
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: 8
        text: card.call.lead
        visible: card.alone
        weight: Font.Bold
        width: card.inner
        wrapMode: Text.NoWrap
        x: card.pad
        y: card.pad * 0.8
    }

    Words {
        id: leadSecond

        color: card.quietColor
        font.pixelSize: card.plan.ticker_px
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: 8
        text: card.call.lead_second
        visible: card.alone && text !== ""
        width: card.inner
        wrapMode: Text.NoWrap
        x: card.pad
        y: lead.y + card.plan.lead_px * 1.27
    }

    Item {
        id: told

        readonly property real start: !card.alone ? card.pad * 0.8 : leadSecond.visible ? leadSecond.y + card.plan.ticker_px * 1.27 : leadSecond.y
        readonly property real end: card.height - card.pad * 0.8
        readonly property real foot: Math.max(card.plan.counter_px * 1.05, toCounter.height)

        height: end - start
        width: card.inner
        x: card.pad
        y: start

        Words {
            id: number

            color: card.inkColor
            font.pixelSize: card.plan.number_px
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: 8
            text: card.call.number
            weight: Font.ExtraBold
            width: Math.min(Math.ceil(implicitWidth) + 1, parent.width)
            wrapMode: Text.NoWrap
            y: (card.plan.inline ? parent.height : parent.height - told.foot) / 2 - height / 2
        }

        Item {
            id: place

            readonly property real least: number.width + card.plan.number_px * 0.25

            height: card.plan.inline ? parent.height : told.foot
            width: card.plan.inline ? parent.width - least : parent.width
            x: card.plan.inline ? least : 0
            y: parent.height - height

            Column {
                id: toCounter

                anchors.verticalCenter: parent.verticalCenter
                anchors.verticalCenterOffset: card.plan.inline ? -counter.height * 0.4 : 0

                Words {
                    color: card.inkColor
                    font.pixelSize: card.plan.word_px
                    text: card.call.counter_word
                    weight: Font.Bold
                    wrapMode: Text.NoWrap
                }

                Words {
                    color: card.quietColor
                    font.pixelSize: card.plan.word_second_px
                    text: card.call.counter_second
                    visible: text !== ""
                    wrapMode: Text.NoWrap
                }
            }

            Words {
                id: counter

                color: card.inkColor
                font.pixelSize: card.plan.counter_px
                text: card.call.counter
                weight: Font.ExtraBold
                wrapMode: Text.NoWrap
                x: card.plan.inline ? 0 : toCounter.width + card.plan.word_px * 0.6
                y: card.plan.inline ? toCounter.y + toCounter.height - font.pixelSize * 0.13 : (parent.height - height) / 2
            }

            Icon {
                id: arrow

                anchors.right: parent.right
                anchors.verticalCenter: counter.verticalCenter
                color: card.inkColor
                glyph: "arrow-right"
                size: Math.round(Math.min(card.plan.counter_px * 0.75, card.plan.lead_px * 3))
            }
        }
    }
}
