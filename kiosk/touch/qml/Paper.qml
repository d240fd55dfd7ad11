pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* Stands beside the touch window where slips are pictures: the one that would lie in the tray now. */
Window {
    id: paper

    required property PaperBridge bridge

    color: Theme.ground
    height: 900
    title: bridge.title
    width: 560

    Image {
        Accessible.name: paper.bridge.title
        Accessible.role: Accessible.Graphic
        anchors.fill: parent
        anchors.margins: Theme.mm(7)
        fillMode: Image.PreserveAspectFit
        mipmap: true
        source: paper.bridge.source
        verticalAlignment: Image.AlignTop
    }
}
