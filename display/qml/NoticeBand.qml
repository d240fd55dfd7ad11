pragma ComponentBehavior: Bound

import QtQuick
import display.bridge
import kiosk.ui

/* What to do after a missed call; or, loudly, that the board is not current. */
Rectangle {
    id: band

    required property BoardBridge board
    readonly property var plan: band.board.plan

    color: board.stale ? Theme.board.call : board.notice === "" ? Theme.board.ground : Theme.board.row

    Icon {
        id: sign

        anchors.verticalCenter: parent.verticalCenter
        color: Theme.board.callInk
        glyph: "alert"
        size: Math.round(band.plan.ticker_px * 1.4)
        visible: band.board.stale
        x: band.plan.margin
    }

    Words {
        anchors.verticalCenter: parent.verticalCenter
        color: band.board.stale ? Theme.board.callInk : Theme.board.text
        font.pixelSize: band.plan.ticker_px
        fontSizeMode: Text.Fit
        height: Math.min(implicitHeight, band.height)
        minimumPixelSize: 8
        text: band.board.notice
        verticalAlignment: Text.AlignVCenter
        weight: band.board.stale ? Font.DemiBold : Font.Medium
        width: band.width - x - band.plan.margin
        x: band.plan.margin + (sign.visible ? sign.width + band.plan.ticker_px * 0.5 : 0)
    }
}
