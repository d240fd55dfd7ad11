pragma ComponentBehavior: Bound

import QtQuick
import display.window
import kiosk.ui

/* The call board: one call fills most of it, with the latest calls, the waiting and what to do around. */
Window {
    id: root

    required property BoardBridge board
    readonly property var plan: root.board.plan
    readonly property var calls: root.board.rows
    readonly property var hero: root.board.hero
    readonly property bool calm: calls.length === 0 && hero.face !== "call"

    color: Theme.board.ground
    height: 1080
    width: 1920

    BoardHeader {
        anchors.left: parent.left
        anchors.leftMargin: root.plan.margin
        anchors.right: parent.right
        anchors.rightMargin: root.plan.margin
        anchors.top: parent.top
        board: root.board
        height: root.plan.header
    }

    CallCard {
        board: root.board
        height: root.calm ? root.plan.beside ? root.plan.hero_height : root.plan.hero_height + root.plan.gap + root.plan.list_height : root.plan.hero_height
        width: root.calm ? root.width - 2 * root.plan.margin : root.plan.hero_width
        x: root.plan.margin
        y: root.plan.header
    }

    CallList {
        board: root.board
        height: root.plan.list_height
        visible: !root.calm && root.plan.rows > 0
        width: root.plan.list_width
        x: root.width - root.plan.margin - width
        y: root.plan.beside ? root.plan.header : root.plan.header + root.plan.hero_height + root.plan.gap
    }

    WaitingStrip {
        anchors.bottom: band.top
        anchors.left: parent.left
        anchors.leftMargin: root.plan.margin
        anchors.right: parent.right
        anchors.rightMargin: root.plan.margin
        board: root.board
        height: root.plan.strip
        visible: root.plan.strip_lines > 0
    }

    NoticeBand {
        id: band

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        board: root.board
        height: root.plan.notice
        visible: root.plan.has_notice
    }
}
