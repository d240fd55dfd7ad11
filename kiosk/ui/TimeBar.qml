pragma ComponentBehavior: Bound

import QtQuick

/* Time left, as a share of 1; the bar glides down the steps it is told, and starts anew at once. */
Item {
    id: bar

    required property real share
    property real shown: 1
    property color color: Theme.navy
    property color trackColor: Theme.line

    implicitHeight: Theme.mm(2.6)
    Component.onCompleted: shown = share
    onShareChanged: {
        glide.enabled = share < shown;
        shown = share;
    }

    Rectangle {
        anchors.fill: parent
        border.color: Theme.border
        border.width: Theme.contrast ? Theme.rim : 0
        color: Theme.contrast ? Theme.card : bar.trackColor
        radius: height / 2
    }

    Rectangle {
        color: bar.color
        height: parent.height
        radius: height / 2
        width: Math.max(height, parent.width * Math.min(1, Math.max(0, bar.shown)))
    }

    Behavior on shown {
        id: glide

        enabled: false

        NumberAnimation {
            duration: Theme.calm
        }
    }
}
