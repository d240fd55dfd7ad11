pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import kiosk.ui

/* Whose machine this is, and the time, digits in fixed cells. Staff hold the office's sign to be asked for their PIN. */
Item {
    id: header

    required property var chrome
    required property bool wide

    signal signHeld(bool held)

    // A line of the office's name in the smallest letters, and how many it needs beside the emblem and the time.
    readonly property real line: Math.ceil(Theme.leastCaps() * Theme.lineHeight * 0.9)
    readonly property real free: width / Theme.unit - (wide ? (Theme.big ? 80 : 77) : Theme.big ? 96 : 105)
    readonly property int lines: Math.min(wide ? 2 : 4, Math.ceil(chrome.office.length * (Theme.big ? 5.9 : 3.9) / Math.max(1, free)))
    // Large letters on a wide glass: a long name has the whole line, the time is on the board.
    readonly property bool timeless: wide && Theme.big && chrome.office.length * 5.9 > 2 * free
    readonly property bool crowded: Theme.big && lines > 2

    height: Math.max(Theme.mm(wide ? (Theme.big ? 25 : 20) : 29), lines * line + (parentName.visible ? parentName.height : 0) + Theme.mm(1))

    Emblem {
        id: emblem

        anchors.verticalCenter: parent.verticalCenter
        size: Theme.mm(header.wide ? 20 : 26)
    }

    AbstractButton {
        Accessible.ignored: true
        anchors.fill: emblem
        focusPolicy: Qt.NoFocus
        onPressedChanged: header.signHeld(pressed)
    }

    Item {
        anchors.left: emblem.right
        anchors.leftMargin: Theme.mm(6.4)
        anchors.right: header.timeless ? parent.right : time.left
        anchors.rightMargin: header.timeless ? 0 : Theme.mm(6.4)
        height: parent.height

        Column {
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width

            Words {
                id: parentName

                color: Theme.muted
                fit: true
                height: Math.min(implicitHeight, Theme.mm(9))
                size: Theme.caption
                text: header.chrome.parent
                visible: text !== "" && !Theme.big
                weight: Font.DemiBold
                width: parent.width
            }

            Words {
                // Two lines of much the same length instead of a lonely last word.
                readonly property bool long: implicitWidth > parent.width

                fit: true
                height: Math.min(implicitHeight, header.height - (parentName.visible ? parentName.height : 0))
                lineHeight: 0.9
                size: header.wide ? 6.2 : 6.4
                text: header.chrome.office
                weight: Font.Bold
                width: long ? Math.min(parent.width, Math.max(parent.width * 0.6, implicitWidth * 0.58)) : parent.width
            }
        }
    }

    Column {
        id: time

        visible: !header.timeless
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter

        Words {
            anchors.right: parent.right
            size: header.wide ? 9 : Theme.clock
            text: header.chrome.clock
            weight: Font.Bold
            wrapMode: Text.NoWrap
        }

        Words {
            anchors.right: parent.right
            color: Theme.muted
            size: Theme.caption
            text: header.chrome.date
            visible: !header.wide && !header.crowded || !Theme.big
            wrapMode: Text.NoWrap
        }
    }
}
