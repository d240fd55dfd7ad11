pragma ComponentBehavior: Bound

import QtQuick
import display.bridge
import kiosk.ui

/* The calls of the moment: one fills the area; two or three share it, below one heading. */
Item {
    id: area

    required property BoardBridge board
    readonly property var plan: area.board.plan
    readonly property var cards: area.board.cards
    // One rhythm for all cards: each with its own would flash more often than twice a second together.
    property bool lit: false

    // 1.4 Hz; the view ends it after 4.5 s (at most 2 Hz and 5 s: no harm to people with epilepsy).
    Timer {
        interval: 350
        repeat: true
        running: area.cards.some(card => card.blinking) && !area.board.stale

        onRunningChanged: area.lit = running
        onTriggered: area.lit = !area.lit
    }

    Words {
        id: lead

        color: Theme.board.quiet
        font.pixelSize: area.plan.ticker_px
        text: area.cards[0].lead
        visible: area.plan.card_head > 0
        wrapMode: Text.NoWrap
        x: area.plan.hero_pad
    }

    Words {
        anchors.left: lead.right
        anchors.leftMargin: area.plan.ticker_px
        color: Theme.board.quiet
        font.pixelSize: area.plan.ticker_px
        text: area.cards[0].lead_second
        visible: lead.visible && text !== "" && implicitWidth < area.width - lead.width - 3 * area.plan.ticker_px
        wrapMode: Text.NoWrap
    }

    Repeater {
        model: area.plan.cards

        CallCard {
            required property int index
            readonly property int across: index % area.plan.columns
            readonly property int down: Math.floor(index / area.plan.columns)

            board: area.board
            call: area.cards[Math.min(index, area.cards.length - 1)]
            height: area.plan.card_height
            lit: area.lit
            width: area.plan.card_width
            x: across * (area.plan.card_width + area.plan.card_gap)
            y: area.plan.card_head + down * (area.plan.card_height + area.plan.card_gap)
        }
    }
}
