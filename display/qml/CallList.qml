pragma ComponentBehavior: Bound

import QtQuick
import display.window
import kiosk.ui

/* The latest calls, each with its counter. */
Item {
    id: list

    required property BoardBridge board
    readonly property var plan: list.board.plan
    readonly property var calls: list.board.rows
    readonly property real pad: list.plan.row_px * 0.4

    Words {
        id: justCalled

        color: Theme.board.quiet
        font.pixelSize: list.plan.ticker_px
        text: list.board.justCalled
        visible: list.calls.length > 0 && implicitWidth < list.width - 2.5 * list.pad - counterHead.width
        wrapMode: Text.NoWrap
        x: list.pad
    }

    Words {
        id: counterHead

        anchors.right: parent.right
        anchors.rightMargin: list.pad
        color: Theme.board.quiet
        font.pixelSize: list.plan.ticker_px
        text: list.board.counterHead
        visible: list.calls.length > 0
        wrapMode: Text.NoWrap
    }

    Repeater {
        model: list.plan.rows

        Rectangle {
            id: row

            required property int index
            readonly property bool filled: index < list.calls.length
            readonly property var call: filled ? list.calls[index] : {
                number: "",
                counter: "",
                spoken: ""
            }

            Accessible.name: call.spoken
            Accessible.role: Accessible.ListItem
            color: Theme.board.row
            height: list.plan.row_height
            radius: list.plan.radius * 0.7
            visible: filled
            width: list.width
            y: list.plan.head + index * (list.plan.row_height + list.plan.row_gap)

            Words {
                anchors.verticalCenter: parent.verticalCenter
                color: Theme.board.text
                font.pixelSize: list.plan.row_px
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: 8
                text: row.call.number
                weight: Font.Bold
                width: row.width - 3 * list.pad - counter.width
                wrapMode: Text.NoWrap
                x: list.pad
            }

            Words {
                id: counter

                anchors.right: parent.right
                anchors.rightMargin: list.pad
                anchors.verticalCenter: parent.verticalCenter
                color: Theme.board.call
                font.pixelSize: list.plan.row_px
                text: row.call.counter
                weight: Font.Bold
                wrapMode: Text.NoWrap
            }
        }
    }
}
