pragma ComponentBehavior: Bound

import QtQuick

/* A sheet that lies softly on the ground; its shadow is a nine-patch picture, so that any renderer draws it. */
Item {
    id: card

    property color color: Theme.card
    property real radius: Theme.mm(Theme.cardRadius)
    property bool raised: true
    property bool bordered: Theme.contrast

    BorderImage {
        // The picture was drawn for 4 pixels a millimetre; its corners never take more than the sheet has.
        readonly property real share: Math.max(0.05, Math.min(Theme.unit / 4, Math.min(card.width, card.height) / 96))
        readonly property real spread: 48 * share

        Accessible.ignored: true
        border.bottom: 96
        border.left: 96
        border.right: 96
        border.top: 96
        height: (card.height + 2 * spread) / share
        scale: share
        source: Qt.resolvedUrl("../../assets/icons/shadow.png")
        transformOrigin: Item.TopLeft
        visible: card.raised && !Theme.contrast
        width: (card.width + 2 * spread) / share
        x: -spread
        y: -spread
    }

    Rectangle {
        anchors.fill: parent
        border.color: Theme.contrast ? Theme.border : Theme.line
        border.width: card.bordered ? Theme.rim : 0
        color: card.color
        radius: card.radius
    }
}
