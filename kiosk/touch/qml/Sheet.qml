pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import kiosk.ui

/* A card over everything, near the lower edge; what lies below it cannot be touched. */
Item {
    id: sheet

    default property alias content: inside.data
    // While it is there, no other control can be reached.
    readonly property bool covers: true
    property real cardWidth: Theme.mm(240)
    // Large letters on a low glass.
    readonly property bool low: Theme.big && width > height && height < Theme.mm(240)
    property real pad: Theme.mm(12)
    // Pixels by which the lower edge is too low to be reached.
    property real lift: 0

    signal touchedBeside

    AbstractButton {
        Accessible.ignored: true
        anchors.fill: parent
        focusPolicy: Qt.NoFocus
        onClicked: sheet.touchedBeside()

        background: Rectangle {
            color: Theme.veil
        }
    }

    Card {
        id: card

        anchors.bottom: parent.bottom
        anchors.bottomMargin: sheet.lift + Theme.mm(sheet.low ? 8 : 14)
        anchors.horizontalCenter: parent.horizontalCenter
        bordered: true
        height: inside.height + 2 * sheet.pad
        width: Math.min(sheet.width - Theme.mm(20), sheet.cardWidth)

        AbstractButton {
            Accessible.ignored: true
            anchors.fill: parent
            focusPolicy: Qt.NoFocus
        }

        Column {
            id: inside

            anchors.centerIn: parent
            spacing: Theme.mm(sheet.low ? 4 : 6)
            width: card.width - 2 * sheet.pad
        }
    }
}
