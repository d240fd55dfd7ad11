pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import kiosk.touch
import kiosk.ui

/* The office's question about a visit that has just ended, a face and a word for each answer. */
Item {
    id: screen

    required property TouchBridge bridge
    required property bool wide
    readonly property var rating: bridge.rating
    readonly property var levels: rating.levels
    readonly property real gap: Theme.mm(wide ? 5 : 6)
    readonly property bool across: wide && (levels.length < 4 || width > Theme.mm(350))

    Column {
        id: head

        spacing: Theme.mm(2)
        width: screen.width
        y: Theme.mm(screen.wide ? 0 : 8)

        Words {
            color: Theme.muted
            size: Theme.body
            text: screen.rating.number
            weight: Font.DemiBold
            width: parent.width
        }

        Words {
            lineHeight: 0.98
            size: screen.wide ? 8.2 : 9.6
            text: screen.rating.question
            weight: Font.Bold
            width: parent.width
        }

        Words {
            color: Theme.warning
            size: Theme.caption
            text: screen.rating.problem
            visible: text !== ""
            weight: Font.Bold
            width: parent.width
        }
    }

    Item {
        id: answers

        readonly property int columns: screen.across ? screen.levels.length : 1
        readonly property int rows: Math.ceil(screen.levels.length / columns)
        readonly property real boxWidth: (width - screen.gap * (columns - 1)) / columns
        readonly property real boxHeight: Math.min(screen.across ? Math.min(Theme.mm(130), boxWidth * 1.1) : Theme.mm(68), (height - screen.gap * (rows - 1)) / rows)

        height: screen.height - y
        width: screen.width
        y: head.y + head.height + Theme.mm(screen.wide ? 4 : 12)

        Repeater {
            model: screen.levels.length

            AbstractButton {
                id: box

                required property int index
                readonly property var level: screen.levels[index] ?? screen.levels[0]
                readonly property bool tall: screen.across

                Accessible.name: level.name
                Accessible.role: Accessible.Button
                focusPolicy: Qt.TabFocus
                height: Math.floor(answers.boxHeight)
                onClicked: screen.bridge.act(level.key)
                width: Math.floor(answers.boxWidth)
                x: Math.round(index % answers.columns * (answers.boxWidth + screen.gap))
                y: Math.round(Math.floor(index / answers.columns) * (answers.boxHeight + screen.gap))

                background: Card {
                    color: box.down ? Theme.pressed : Theme.card

                    Rectangle {
                        anchors.fill: parent
                        border.color: Theme.navy
                        border.width: box.down || box.visualFocus ? Theme.rimStrong : 0
                        color: "transparent"
                        radius: Theme.mm(Theme.cardRadius)
                    }
                }

                contentItem: Item {
                    Icon {
                        id: face

                        color: Theme.navy
                        glyph: box.level.icon
                        size: Math.round(box.tall ? Math.min(box.width * 0.5, box.height * 0.44) : Math.min(Theme.mm(40), box.height * 0.62))
                        x: box.tall ? (box.width - width) / 2 : Theme.mm(12)
                        y: box.tall ? (box.height - height - word.height - Theme.mm(6)) / 2 : (box.height - height) / 2
                    }

                    Words {
                        id: word

                        Accessible.ignored: true
                        horizontalAlignment: box.tall ? Text.AlignHCenter : Text.AlignLeft
                        size: screen.wide ? (Theme.big ? Theme.body : 6.2) : Theme.title
                        text: box.level.name
                        weight: Font.Bold
                        width: box.tall ? box.width - Theme.mm(12) : box.width - x - Theme.mm(6)
                        x: box.tall ? Theme.mm(6) : face.x + face.width + Theme.mm(10)
                        y: box.tall ? face.y + face.height + Theme.mm(6) : (box.height - height) / 2
                    }
                }
            }
        }
    }
}
