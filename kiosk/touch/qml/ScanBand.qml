pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* Always there: a receipt under the scanner is answered from any screen; typing is the other way. */
Item {
    id: band

    required property TouchBridge bridge
    property bool upright: false
    // What it may be high without asking: that its words are higher must not bring more of them.
    property real least: 0
    readonly property var home: bridge.home
    // What the words leave to the icon above them.
    readonly property real spare: type.y - texts.height - Theme.mm(6)

    implicitHeight: texts.implicitHeight + Theme.mm(5)

    Rectangle {
        anchors.fill: parent
        color: Theme.navy
        radius: Theme.mm(Theme.cardRadius)
    }

    Icon {
        id: icon

        // Without room for it the words keep their line.
        readonly property bool fits: band.upright || title.implicitWidth <= type.x - Theme.mm(6) - x - width - Theme.mm(8)

        color: Theme.onDark
        glyph: band.home.scans ? "scan" : "alert"
        size: band.upright ? Math.max(Theme.mm(14), Math.min(Theme.mm(30), band.spare - Theme.mm(14))) : Theme.mm(Math.min(20, band.height / Theme.unit - 7))
        visible: fits
        x: band.upright ? (band.width - width) / 2 : Theme.mm(10)
        y: band.upright ? Math.max(Theme.mm(4), Math.min(Theme.mm(12), (band.spare - height) / 2)) : (band.height - height) / 2
    }

    Column {
        id: texts

        spacing: Theme.mm(band.upright ? 3 : 0.6)
        width: band.upright ? band.width - 2 * Theme.mm(8) : type.x - Theme.mm(6) - x
        x: band.upright ? Theme.mm(8) : icon.x + (icon.fits ? icon.width + Theme.mm(8) : 0)
        y: band.upright ? icon.y + icon.height + Math.min(Theme.mm(8), icon.y) : (band.height - height) / 2

        Words {
            id: title

            color: Theme.onDark
            horizontalAlignment: band.upright ? Text.AlignHCenter : Text.AlignLeft
            size: band.upright ? Theme.title : 6.8
            text: band.home.scan_title
            weight: Font.Bold
            width: parent.width
        }

        Words {
            color: Theme.onDarkQuiet
            horizontalAlignment: band.upright ? Text.AlignHCenter : Text.AlignLeft
            size: Theme.caption
            text: band.home.scan_text
            visible: !Theme.big || band.upright || band.least > Theme.mm(40)
            width: parent.width
        }
    }

    ActionButton {
        id: type

        iconName: "keypad"
        kind: ActionButton.OnDark
        onClicked: band.bridge.openKeypad()
        text: band.home.scan_type
        width: band.upright ? band.width - 2 * Theme.mm(8) : implicitWidth
        x: band.upright ? Theme.mm(8) : band.width - width - Theme.mm(9)
        y: band.upright ? band.height - height - Theme.mm(8) : (band.height - height) / 2
    }
}
