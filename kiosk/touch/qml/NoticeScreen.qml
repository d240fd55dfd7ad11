pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* What happened, what to do now, who helps. */
Item {
    id: screen

    required property TouchBridge bridge
    required property bool wide
    readonly property var notice: bridge.notice
    readonly property color tint: notice.tone === "warn" ? Theme.warning : Theme.navy
    readonly property real textSize: wide ? Theme.body : 6
    readonly property bool keys: notice.retry !== "" || notice.type !== ""

    Card {
        id: sheet

        readonly property real pad: Theme.mm(screen.wide ? 9 : 18)

        anchors.horizontalCenter: parent.horizontalCenter
        height: Math.min(screen.height, screen.wide ? Math.max(texts.height + 2 * pad, Theme.mm(120)) : texts.y + texts.height + pad)
        width: Math.min(parent.width, Theme.mm(screen.wide ? 340 : 300))
        y: screen.wide ? (screen.height - height) / 2 : Math.max(0, (screen.height - height) * 0.3)

        Rectangle {
            id: circle

            border.color: screen.tint
            border.width: Theme.contrast ? 3 : 0
            color: screen.notice.tone === "warn" ? Theme.warningTint : Theme.tint
            height: width
            radius: width / 2
            width: Theme.mm(screen.wide ? 40 : 60)
            x: screen.wide ? sheet.pad : (sheet.width - width) / 2
            y: screen.wide ? (sheet.height - height) / 2 : sheet.pad

            Icon {
                anchors.centerIn: parent
                color: screen.tint
                glyph: screen.notice.icon
                size: Math.round(circle.width * 0.5)
            }
        }

        Column {
            id: texts

            readonly property int alignment: screen.wide ? Text.AlignLeft : Text.AlignHCenter

            spacing: Theme.mm(screen.wide ? 3.4 : 7)
            width: sheet.width - sheet.pad - x
            x: screen.wide ? circle.x + circle.width + sheet.pad : sheet.pad
            y: screen.wide ? (sheet.height - height) / 2 : circle.y + circle.height + Theme.mm(11)

            Words {
                horizontalAlignment: texts.alignment
                lineHeight: 0.95
                size: screen.wide ? 8.2 : 9.6
                text: screen.notice.title
                weight: Font.Bold
                width: parent.width
            }

            Words {
                color: screen.tint
                horizontalAlignment: texts.alignment
                size: screen.textSize
                text: screen.notice.subject
                visible: text !== ""
                weight: Font.Bold
                width: parent.width
                wrapMode: Text.Wrap
            }

            Words {
                horizontalAlignment: texts.alignment
                size: screen.textSize
                text: screen.notice.text
                width: parent.width
            }

            Words {
                horizontalAlignment: texts.alignment
                size: screen.textSize
                text: screen.notice.help
                weight: Font.DemiBold
                width: parent.width
            }

            Item {
                height: screen.keys ? Theme.mm(screen.wide ? 22 : 28) : 0
                visible: screen.keys
                width: parent.width

                ActionButton {
                    anchors.bottom: parent.bottom
                    height: Theme.mm(screen.wide ? Theme.target : 23)
                    iconName: screen.notice.retry !== "" ? "undo" : "keypad"
                    kind: ActionButton.Primary
                    onClicked: screen.notice.retry !== "" ? screen.bridge.retry() : screen.bridge.openKeypad()
                    size: 6
                    text: screen.notice.retry || screen.notice.type
                    width: Math.min(parent.width, Math.max(implicitWidth, Theme.mm(90)))
                    x: screen.wide ? 0 : (parent.width - width) / 2
                }
            }
        }
    }
}
