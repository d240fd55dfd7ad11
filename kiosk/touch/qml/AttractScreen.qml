pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import kiosk.touch
import kiosk.ui

/*
 * A machine at which nobody stands: one sentence that is read from afar, in each language in turn, and how the scanner
 * is used. The boxes below or beside it are those of home, and live: one touch still gives a number. Any other touch only
 * brings home.
 */
Item {
    id: screen

    required property TouchBridge bridge
    required property bool wide
    readonly property var told: bridge.attract.invitations
    readonly property real gap: Theme.mm(wide ? 8 : 9)
    // What more than six boxes leave beside them, in two columns.
    readonly property real spare: bridge.home.cards.length > 6 ? width - gap - Theme.mm(248) : width
    property int turn: 0

    AbstractButton {
        id: face

        Accessible.name: screen.bridge.attract.wake
        Accessible.role: Accessible.Button
        focusPolicy: Qt.TabFocus
        height: hero.height
        onClicked: screen.bridge.wake()
        width: hero.width

        background: Rectangle {
            id: hero

            readonly property real pad: Theme.mm(screen.wide ? 9 : 13)

            border.color: Theme.onDarkBorder
            border.width: face.visualFocus ? Theme.rimStrong : 0
            color: Theme.navy
            height: screen.wide ? screen.height : Math.round(screen.height * 0.37)
            radius: Theme.mm(Theme.cardRadius)
            width: screen.wide ? Math.round(screen.width * 0.42 > screen.spare && screen.spare > Theme.mm(110) ? screen.spare : screen.width * 0.42) : screen.width

            Repeater {
                model: screen.told.length

                Item {
                    id: words

                    required property int index
                    readonly property var line: screen.told[index] ?? screen.told[0]
                    readonly property bool current: index === screen.turn % screen.told.length

                    anchors.fill: parent
                    anchors.margins: hero.pad
                    // At once: drawn in software, letters of this size fade at 40 frames a second.
                    visible: current

                    Words {
                        Accessible.ignored: true
                        color: Theme.onDark
                        fit: true
                        height: parent.height - foot.height - Theme.mm(4)
                        lineHeight: 0.98
                        size: screen.wide ? 17 : 21
                        text: words.line.title
                        verticalAlignment: Text.AlignVCenter
                        weight: Font.Bold
                        width: parent.width
                    }

                    Column {
                        id: foot

                        anchors.bottom: parent.bottom
                        spacing: Theme.mm(2.4)
                        width: parent.width

                        Row {
                            spacing: Theme.mm(5)
                            width: parent.width

                            Icon {
                                id: sign

                                anchors.verticalCenter: parent.verticalCenter
                                color: Theme.onDark
                                glyph: screen.bridge.home.scans ? "scan" : "keypad"
                                size: Theme.mm(screen.wide ? 12 : 14)
                            }

                            Words {
                                Accessible.ignored: true
                                anchors.verticalCenter: parent.verticalCenter
                                color: Theme.onDarkQuiet
                                size: screen.wide ? Theme.caption : 6.2
                                text: words.line.scan
                                weight: Font.DemiBold
                                width: parent.width - sign.width - parent.spacing
                            }
                        }

                        Row {
                            spacing: Theme.mm(5)
                            visible: words.line.waiting !== ""
                            width: parent.width

                            Icon {
                                id: people

                                anchors.verticalCenter: parent.verticalCenter
                                color: Theme.onDark
                                glyph: "users"
                                size: sign.size
                            }

                            Words {
                                Accessible.ignored: true
                                anchors.verticalCenter: parent.verticalCenter
                                color: Theme.onDarkQuiet
                                size: screen.wide ? Theme.caption : 6.2
                                text: words.line.waiting
                                weight: Font.DemiBold
                                width: parent.width - people.width - parent.spacing
                            }
                        }
                    }
                }
            }
        }
        contentItem: Item {}
    }

    CardGrid {
        bridge: screen.bridge
        height: implicitHeight
        room: screen.height - y
        width: screen.width - x
        x: screen.wide ? hero.width + screen.gap : 0
        y: screen.wide ? 0 : hero.height + screen.gap
    }

    Timer {
        interval: 6000
        onTriggered: screen.turn++
        repeat: true
        running: screen.told.length > 1
    }
}
