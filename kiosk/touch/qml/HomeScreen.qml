pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* One question; the boxes that answer it; the scanner. */
Item {
    id: screen

    required property TouchBridge bridge
    required property bool wide
    readonly property var home: bridge.home
    readonly property real gap: Theme.mm(wide ? 4.4 : Theme.gap)
    // Beside the boxes there is room for the scanner's band on a wide glass.
    readonly property bool beside: wide && width >= Theme.mm(350) && !Theme.big
    // Large letters on a low glass: what is out of order is told instead of the question.
    readonly property bool cramped: wide && Theme.big && height < Theme.mm(190) && (home.notice !== "" || !home.scans)
    readonly property real headHeight: Math.max(cramped ? 0 : head.height, wide && quiet.visible ? quiet.keyHeight : 0)
    readonly property real column: Theme.mm(92)
    readonly property real room: width - (beside ? column + Theme.mm(8) : 0)

    Column {
        id: head

        visible: !screen.cramped
        // Beside the question on a wide glass.
        width: screen.room - (entry.above ? entry.width + Theme.mm(4) : 0) - (screen.wide && quiet.visible ? quiet.implicitWidth + Theme.mm(5) : 0)

        Row {
            id: line

            readonly property bool single: question.implicitWidth + hint.implicitWidth + spacing < parent.width && screen.wide

            spacing: Theme.mm(7)
            width: parent.width

            Words {
                id: question

                size: screen.wide ? 8 : Theme.heading
                text: screen.home.question
                weight: Font.Bold
                width: line.single ? implicitWidth : parent.width
            }

            Words {
                anchors.baseline: question.baseline
                color: Theme.muted
                text: screen.home.hint
                visible: line.single
                wrapMode: Text.NoWrap
            }
        }

        Words {
            id: hint

            color: Theme.muted
            text: screen.home.hint
            visible: !line.single && !(screen.wide && (Theme.big || quiet.visible))
            // Below the key to the procedures the line is free.
            width: line.height > entry.height ? screen.room : parent.width
        }
    }

    Rectangle {
        id: notice

        y: screen.headHeight + Theme.mm(screen.wide ? 2 : 4)
        border.color: Theme.warning
        border.width: Theme.rim
        color: Theme.warningTint
        height: visible ? noticeText.height + Theme.mm(screen.wide ? 4.4 : 8) : 0
        radius: Theme.mm(6)
        visible: screen.home.notice !== ""
        width: screen.room

        Icon {
            id: noticeIcon

            anchors.verticalCenter: parent.verticalCenter
            color: Theme.warning
            glyph: screen.home.notice_icon
            size: Theme.mm(9)
            x: Theme.mm(5)
        }

        Words {
            id: noticeText

            anchors.left: noticeIcon.right
            anchors.leftMargin: Theme.mm(5)
            anchors.right: parent.right
            anchors.rightMargin: Theme.mm(5)
            anchors.verticalCenter: parent.verticalCenter
            color: Theme.warning
            size: Theme.caption
            text: screen.home.notice
            weight: Font.DemiBold
        }
    }

    CardGrid {
        id: grid

        readonly property real bandRoom: (screen.beside ? 0 : band.height + screen.gap) + (!screen.wide && quiet.visible ? quiet.keyHeight + screen.gap : 0)

        bridge: screen.bridge
        height: implicitHeight
        room: screen.height - y - bandRoom
        width: screen.room
        y: (notice.visible ? notice.y + notice.height : screen.headHeight) + Theme.mm(screen.wide ? (quiet.visible && !notice.visible ? 3.2 : 2.6) : 6)
    }

    ScanBand {
        id: band

        bridge: screen.bridge
        height: screen.beside ? screen.height - (entry.shown ? entry.ownHeight + screen.gap : 0) : Math.max(implicitHeight, least)
        least: Theme.mm(screen.wide ? 22 : Math.min(48, screen.height / Theme.unit * 0.13))
        upright: screen.beside
        width: screen.beside ? screen.column : screen.width - (entry.along ? entry.width + screen.gap : 0)
        x: screen.beside ? screen.width - width : 0
        y: screen.beside ? 0 : grid.y + grid.height + screen.gap
    }

    // After the boxes also for who goes by keys: most people never need them.
    QuietKeys {
        id: quiet

        bridge: screen.bridge
        fill: !screen.wide
        keyHeight: Theme.mm(screen.wide ? 15 : 18)
        room: screen.room - (screen.wide ? question.implicitWidth + Theme.mm(6) : 0)
        x: screen.wide ? screen.room - implicitWidth : 0
        y: screen.wide ? 0 : screen.height - keyHeight
    }

    CatalogueEntry {
        id: entry

        // Beside the question on a high glass; on a wide one in the scanner's row, or below the scanner's column.
        readonly property bool above: shown && !screen.wide
        readonly property bool along: shown && screen.wide && !screen.beside
        readonly property real ownHeight: Math.max(Theme.mm(24), wordsHeight + Theme.mm(5))

        bridge: screen.bridge.procedures
        height: along ? band.height : ownHeight
        // In large letters its sign stands where the question beside it may take two lines, or the row is long.
        narrow: Theme.big && (above ? screen.height <= Theme.mm(300) : screen.width <= Theme.mm(350))
        width: screen.beside ? screen.column : narrow ? wordsWidth : Theme.mm(Theme.big ? 92 : above ? 70 : 74)
        x: screen.width - width
        y: above ? 0 : along ? band.y : screen.height - height
    }
}
