pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* "Are you still there?": any touch anywhere goes on; otherwise the visit ends with the bar. */
Sheet {
    id: sheet

    required property TouchBridge bridge
    readonly property var warn: bridge.warn

    onTouchedBeside: bridge.stay()
    visible: warn.shown

    Row {
        spacing: Theme.mm(7)
        width: parent.width

        Icon {
            id: icon

            color: Theme.navy
            glyph: "clock"
            size: Theme.mm(18)
        }

        Words {
            anchors.verticalCenter: parent.verticalCenter
            size: 8.4
            text: sheet.warn.title
            weight: Font.Bold
            width: parent.width - icon.width - parent.spacing
        }
    }

    Words {
        text: sheet.warn.text
        width: parent.width
    }

    TimeBar {
        share: sheet.warn.left
        width: parent.width
    }

    ActionButton {
        height: Theme.mm(24)
        kind: ActionButton.Primary
        onClicked: sheet.bridge.stay()
        size: 6.4
        text: sheet.warn.stay
        width: parent.width
    }
}
