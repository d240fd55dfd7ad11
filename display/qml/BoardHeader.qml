pragma ComponentBehavior: Bound

import QtQuick
import display.bridge
import kiosk.ui

/* Whose hall this is, and the time. */
Item {
    id: header

    required property BoardBridge board
    readonly property var plan: header.board.plan

    Emblem {
        id: emblem

        anchors.verticalCenter: parent.verticalCenter
        size: Math.round(header.plan.name_px * 1.9)
    }

    Words {
        anchors.left: emblem.right
        anchors.leftMargin: header.plan.name_px * 0.7
        anchors.right: clock.left
        anchors.rightMargin: header.plan.name_px
        anchors.verticalCenter: parent.verticalCenter
        color: Theme.board.text
        font.pixelSize: header.plan.name_px
        fontSizeMode: Text.Fit
        height: header.plan.name_lines * header.plan.name_px * 1.3
        minimumPixelSize: 8
        text: header.board.office
        verticalAlignment: Text.AlignVCenter
        weight: Font.Bold
    }

    Words {
        id: clock

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        color: Theme.board.text
        font.pixelSize: Math.round(header.plan.clock_px)
        text: header.board.clock
        weight: Font.Bold
        wrapMode: Text.NoWrap
    }
}
