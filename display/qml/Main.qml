pragma ComponentBehavior: Bound

import QtQuick
import display.bridge
import kiosk.ui

/* The call board: the calls of the moment fill most of it, with the latest ones, the waiting and what to do around. */
Window {
    id: root

    required property BoardBridge board
    readonly property var plan: root.board.plan
    readonly property var areas: root.board.areas

    color: Theme.board.ground
    height: 1080
    width: 1920

    // Only the program takes a board away, never a key or a window manager.
    onClosing: close => close.accepted = false

    BoardHeader {
        anchors.left: parent.left
        anchors.leftMargin: root.plan.margin
        anchors.right: parent.right
        anchors.rightMargin: root.plan.margin
        anchors.top: parent.top
        board: root.board
        height: root.plan.header
    }

    CardArea {
        board: root.board
        height: root.areas.cards.height
        visible: root.calling
        width: root.areas.cards.width
        x: root.areas.cards.x
        y: root.areas.cards.y
    }

    WelcomeCard {
        board: root.board
        height: root.areas.cards.height
        visible: !root.calling
        width: root.areas.cards.width
        x: root.areas.cards.x
        y: root.areas.cards.y
    }

    CallList {
        board: root.board
        height: root.areas.listed.height
        visible: root.areas.listed.width > 0
        width: root.areas.listed.width
        x: root.areas.listed.x
        y: root.areas.listed.y
    }

    MediaPane {
        board: root.board
        height: root.areas.pane.height
        visible: root.areas.pane.width > 0
        width: root.areas.pane.width
        x: root.areas.pane.x
        y: root.areas.pane.y
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

    readonly property bool calling: root.board.hero.face === "call"
}
