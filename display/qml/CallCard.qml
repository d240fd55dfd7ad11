pragma ComponentBehavior: Bound

import QtQuick
import display.window
import kiosk.ui

/* The call of the moment, huge; without one, a welcome or the hours. */
Item {
    id: card

    required property BoardBridge board
    readonly property var plan: card.board.plan
    readonly property var hero: card.board.hero
    readonly property bool calling: hero.face === "call"
    readonly property bool bright: calling && !board.stale
    readonly property color inkColor: bright ? Theme.board.callInk : Theme.board.text
    readonly property color quietColor: bright ? Theme.board.callInk : Theme.board.quiet
    readonly property real pad: plan.hero_pad
    readonly property real inner: width - 2 * pad
    // The size of a welcome.
    readonly property real large: Math.min(width * 0.09, height * 0.17)

    Accessible.name: card.hero.spoken
    Accessible.role: Accessible.AlertMessage

    Rectangle {
        id: ground

        property bool lit: false

        anchors.fill: parent
        color: card.bright ? lit ? Theme.board.text : Theme.board.call : Theme.board.row
        radius: card.plan.radius
    }

    // 1.4 Hz; the view ends it after 4.5 s (at most 2 Hz and 5 s: no harm to people with epilepsy).
    Timer {
        interval: 350
        repeat: true
        running: card.hero.blinking && card.bright

        onRunningChanged: ground.lit = running
        onTriggered: ground.lit = !ground.lit
    }

    Words {
        id: lead

        color: card.inkColor
        font.pixelSize: card.plan.lead_px
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: 8
        text: card.hero.lead
        visible: card.calling
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
        text: card.hero.lead_second
        visible: card.calling && text !== ""
        width: card.inner
        wrapMode: Text.NoWrap
        x: card.pad
        y: lead.y + card.plan.lead_px * 1.27
    }

    Item {
        id: call

        readonly property real start: leadSecond.visible ? leadSecond.y + card.plan.ticker_px * 1.27 : leadSecond.y
        readonly property real end: card.height - card.pad * 0.8
        readonly property real foot: Math.max(card.plan.counter_px * 1.05, toCounter.height)

        height: end - start
        visible: card.calling
        width: card.inner
        x: card.pad
        y: start

        Words {
            id: number

            color: card.inkColor
            font.pixelSize: card.plan.number_px
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: 8
            text: card.hero.number
            weight: Font.ExtraBold
            width: Math.min(Math.ceil(implicitWidth) + 1, parent.width)
            wrapMode: Text.NoWrap
            y: (card.plan.inline ? parent.height : parent.height - call.foot) / 2 - height / 2
        }

        Item {
            id: place

            readonly property real least: number.width + card.plan.number_px * 0.25

            height: card.plan.inline ? parent.height : call.foot
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
                    text: card.hero.counter_word
                    weight: Font.Bold
                    wrapMode: Text.NoWrap
                }

                Words {
                    color: card.quietColor
                    font.pixelSize: card.plan.word_second_px
                    text: card.hero.counter_second
                    visible: text !== ""
                    wrapMode: Text.NoWrap
                }
            }

            Words {
                id: counter

                color: card.inkColor
                font.pixelSize: card.plan.counter_px
                text: card.hero.counter
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

    Column {
        anchors.verticalCenter: parent.verticalCenter
        spacing: card.plan.ticker_px * 0.25
        visible: !card.calling
        width: card.inner
        x: card.pad

        Icon {
            color: Theme.board.call
            glyph: card.hero.face === "closed" ? "clock" : "seat"
            size: Math.round(card.large * 1.5)
        }

        Item {
            height: card.plan.ticker_px * 0.5
            width: 1
        }

        Words {
            color: Theme.board.text
            font.pixelSize: card.large
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: 8
            text: card.hero.lead
            weight: Font.Bold
            width: parent.width
            wrapMode: Text.NoWrap
        }

        Words {
            color: Theme.board.text
            font.pixelSize: Math.max(card.plan.lead_px, card.large * 0.52)
            text: card.hero.told
            width: parent.width
        }

        Item {
            height: card.plan.ticker_px * 0.6
            visible: card.hero.lead_second !== ""
            width: 1
        }

        Words {
            color: Theme.board.quiet
            font.pixelSize: Math.max(card.plan.ticker_px, card.large * 0.4)
            text: card.hero.lead_second
            visible: text !== ""
            weight: Font.Bold
            width: parent.width
        }

        Words {
            color: Theme.board.quiet
            font.pixelSize: Math.max(card.plan.ticker_px, card.large * 0.4)
            text: card.hero.told_second
            visible: text !== ""
            width: parent.width
        }
    }
}
