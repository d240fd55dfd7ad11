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
    readonly property var actions: notice.actions
    readonly property real keyHeight: Theme.mm(wide ? Theme.target : 24)

    // Lines of about one length where there is room for it, so that no word stands alone on the last one.
    component Balanced: Words {
        id: words

        required property string says
        readonly property real lines: Math.ceil(letters.advanceWidth(text) * 1.01 / width)
        readonly property real spare: screen.wide || Theme.big || lines < 2 ? 0 : width - letters.advanceWidth(text) / lines * 1.2

        FontMetrics {
            id: letters

            font: words.font
        }

        Accessible.name: says
        horizontalAlignment: texts.alignment
        leftPadding: Math.max(0, spare / 2)
        rightPadding: leftPadding
        text: Theme.joined(says)
        width: parent?.width ?? 0
    }

    Card {
        id: sheet

        // Words that need all of the card have it alone.
        readonly property bool close: Theme.big && (screen.wide ? screen.actions.length > 1 : screen.height < Theme.mm(320))
        readonly property real pad: Theme.mm(close ? 7 : screen.wide ? 9 : 18)

        anchors.horizontalCenter: parent.horizontalCenter
        height: Math.min(screen.height, screen.wide ? Math.max(texts.height + 2 * pad, Theme.mm(120)) : texts.y + texts.height + pad)
        width: Math.min(parent.width, Theme.mm(screen.wide ? 340 : 300))
        y: screen.wide ? (screen.height - height) / 2 : Math.max(0, (screen.height - height) * 0.3)

        Rectangle {
            id: circle

            border.color: screen.tint
            border.width: Theme.contrast ? Theme.rim : 0
            color: screen.notice.tone === "warn" ? Theme.warningTint : Theme.tint
            height: width
            radius: width / 2
            visible: !sheet.close
            width: sheet.close ? 0 : Theme.mm(screen.wide ? 40 : 60)
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

            spacing: Theme.mm(screen.wide ? 3.4 : sheet.close ? 4 : 7)
            width: sheet.width - sheet.pad - x
            x: screen.wide && !sheet.close ? circle.x + circle.width + sheet.pad : sheet.pad
            y: screen.wide ? (sheet.height - height) / 2 : circle.y + circle.height + (sheet.close ? 0 : Theme.mm(11))

            Balanced {
                lineHeight: 0.95
                size: screen.wide ? (Theme.big ? 6.4 : 8.2) : 9.6
                says: screen.notice.title
                weight: Font.Bold
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

            Balanced {
                size: screen.textSize
                says: screen.notice.text
            }

            Balanced {
                size: screen.textSize
                says: screen.notice.help
                visible: text !== ""
                weight: Font.DemiBold
            }

            Words {
                color: Theme.muted
                horizontalAlignment: texts.alignment
                size: Theme.caption
                text: screen.notice.cause
                visible: text !== ""
                width: parent.width
            }

            Flow {
                id: keys

                readonly property bool beside: screen.wide && (!Theme.big || sheet.close)
                readonly property real keyWidth: beside && screen.actions.length > 1 ? Math.floor((width - spacing) / 2) : Math.min(width, Theme.mm(screen.actions.length > 1 ? 170 : 100))

                leftPadding: screen.wide ? 0 : (width - keyWidth) / 2
                spacing: Theme.mm(5)
                topPadding: Theme.mm(screen.wide ? 2 : 4)
                visible: screen.actions.length > 0
                width: parent.width

                Repeater {
                    model: screen.actions.length

                    ActionButton {
                        required property int index
                        // While the last actions go, their keys are there for a moment longer.
                        readonly property var told: screen.actions[index] ?? {
                            "icon": "",
                            "key": "",
                            "name": ""
                        }

                        height: Math.max(screen.keyHeight, implicitHeight)
                        iconName: told.icon
                        kind: index === 0 ? ActionButton.Primary : ActionButton.Plain
                        onClicked: screen.bridge.act(told.key)
                        size: 6
                        text: told.name
                        width: keys.keyWidth
                    }
                }
            }
        }
    }
}
