pragma ComponentBehavior: Bound

import QtQuick
import display.bridge
import kiosk.ui

/* While nobody is called: a welcome and how to begin; or when the office opens again. */
Rectangle {
    id: card

    required property BoardBridge board
    readonly property var plan: card.board.plan
    readonly property var hero: card.board.hero
    readonly property real large: card.board.large
    readonly property real pad: plan.hero_pad

    Accessible.name: card.hero.spoken
    Accessible.role: Accessible.AlertMessage
    color: Theme.board.row
    radius: card.plan.radius

    Column {
        anchors.verticalCenter: parent.verticalCenter
        spacing: card.plan.ticker_px * 0.25
        width: card.width - 2 * card.pad
        x: card.pad

        Icon {
            color: Theme.board.call
            glyph: card.hero.face === "closed" ? "clock" : "ticket"
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
            font.pixelSize: Math.max(card.large * 0.52, Math.min(card.plan.lead_px, card.large))
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
            font.pixelSize: Math.max(card.large * 0.4, Math.min(card.plan.ticker_px, card.large))
            text: card.hero.lead_second
            visible: text !== ""
            weight: Font.Bold
            width: parent.width
        }

        Words {
            color: Theme.board.quiet
            font.pixelSize: Math.max(card.large * 0.4, Math.min(card.plan.ticker_px, card.large))
            text: card.hero.told_second
            visible: text !== ""
            width: parent.width
        }
    }
}
