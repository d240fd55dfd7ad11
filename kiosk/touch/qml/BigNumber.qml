pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui

/* A ticket's number, as large as its place allows. */
Words {
    id: number

    // Its width in em, measured at 100 pixels.
    readonly property real ems: Math.max(2.4, metrics.advanceWidth(text) / 100 + 0.04)

    color: Theme.navy
    font.pixelSize: Math.max(1, Math.floor(Math.min(height / Theme.lineHeight, width / ems)))
    horizontalAlignment: Text.AlignHCenter
    verticalAlignment: Text.AlignVCenter
    weight: Font.ExtraBold
    wrapMode: Text.NoWrap

    FontMetrics {
        id: metrics

        font.family: Theme.family
        font.pixelSize: 100
        font.weight: Font.ExtraBold
    }
}
