pragma ComponentBehavior: Bound

import QtQuick
import display.bridge
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
                spoken: "",
                fresh: false
            }
            readonly property bool bright: call.fresh && !list.board.stale
            readonly property color inkColor: bright ? Theme.board.callInk : Theme.board.text

            Accessible.name: call.spoken
            Accessible.role: Accessible.ListItem
            color: bright ? Theme.board.call : Theme.board.row
            height: list.plan.row_height
            radius: list.plan.radius * 0.7
            visible: filled
            width: list.width
            y: list.plan.head + index * (list.plan.row_height + list.plan.row_gap)

            Words {
                id: number

                anchors.verticalCenter: parent.verticalCenter
                color: row.inkColor
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
                color: row.bright ? Theme.board.callInk : Theme.board.call
                font.pixelSize: list.plan.row_px
                text: row.call.counter
                weight: Font.Bold
                wrapMode: Text.NoWrap
            }

            Icon {
                id: arrow

                // Into the gap between the two where nothing else is left.
                readonly property real room: row.width - 2.5 * list.pad - counter.width - number.contentWidth - list.plan.row_px * 0.3

                anchors.right: counter.left
                anchors.rightMargin: Math.min(list.pad * 0.5, Math.max(list.plan.row_px * 0.05, room - size))
                anchors.verticalCenter: parent.verticalCenter
                color: row.inkColor
                glyph: "arrow-right"
                size: Math.round(list.plan.row_px * Math.max(0.3, Math.min(0.75, room / list.plan.row_px)))
                visible: row.call.fresh
            }
        }
    }
}
