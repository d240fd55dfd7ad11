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
        readonly property real spread: 48

        Accessible.ignored: true
        anchors.bottomMargin: -spread
        anchors.fill: parent
        anchors.leftMargin: -spread
        anchors.rightMargin: -spread
        anchors.topMargin: -spread
        border.bottom: 96
        border.left: 96
        border.right: 96
        border.top: 96
        source: Qt.resolvedUrl("../../assets/icons/shadow.png")
        visible: card.raised && !Theme.contrast
    }

    Rectangle {
        anchors.fill: parent
        border.color: Theme.contrast ? Theme.border : Theme.line
        border.width: card.bordered ? Theme.rim : 0
        color: card.color
        radius: card.radius
    }
}
