pragma ComponentBehavior: Bound

import QtQuick
import kiosk.counter
import kiosk.ui

/* The counter window: small, without a frame, above the programs in which clerks work. */
Window {
    id: window

    required property CounterBridge bridge

    readonly property bool small: bridge.head.small ?? false
    readonly property bool working: bridge.screen === "desk"
    readonly property real edge: Theme.mm(5.4)

    color: Theme.ground
    flags: Qt.Window | Qt.FramelessWindowHint | Qt.WindowStaysOnTopHint
    height: Theme.mm(small ? 25 : 184)
    title: bridge.head.title
    width: Theme.mm(190)

    // A desktop of 96 dots per inch; larger letters come from the desktop's own scale. The tokens are those
    // of a touch at arm's length, and a mouse needs half of them.
    Binding {
        property: "pxPerMm"
        target: Theme
        value: 96 / 25.4
    }

    Binding {
        property: "scale"
        target: Theme
        value: 0.5
    }

    DragHandler {
        onActiveChanged: if (active)
            window.startSystemMove()
        target: null
    }

    Connections {
        function onTyped(sign: string): void {
            if (window.bridge.screen === "locked")
                lock.typeIn(sign);
            else
                entrance.typeIn(sign);
        }

        target: window.bridge
    }

    Item {
        id: whole

        anchors.fill: parent
        visible: !window.small

        Head {
            id: head

            bridge: window.bridge
            width: parent.width
            working: window.working
        }

        Item {
            id: room

            anchors.bottom: parent.bottom
            anchors.bottomMargin: window.edge
            anchors.left: parent.left
            anchors.leftMargin: window.edge
            anchors.right: parent.right
            anchors.rightMargin: window.edge
            anchors.top: head.bottom
            anchors.topMargin: Theme.mm(3)

            DeskScreen {
                anchors.fill: parent
                bridge: window.bridge
                visible: window.working && !sheet.visible
            }

            EntranceScreen {
                id: entrance

                anchors.fill: parent
                bridge: window.bridge
                visible: window.bridge.screen === "sign_in" || window.bridge.screen === "enrol"
            }

            LockScreen {
                id: lock

                anchors.fill: parent
                bridge: window.bridge
                visible: window.bridge.screen === "locked"
            }
        }

        Sheet {
            id: sheet

            anchors.bottom: parent.bottom
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: head.bottom
            bridge: window.bridge
            visible: window.working && window.bridge.sheet.shown
        }
    }

    Bar {
        anchors.fill: parent
        bridge: window.bridge
        visible: window.small
    }

    Rectangle {
        anchors.fill: parent
        border.color: Theme.border
        border.width: Theme.hair
        color: "transparent"
    }
}
