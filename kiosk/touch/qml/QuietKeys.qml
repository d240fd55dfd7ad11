pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* What a few people need before they take a number: whole words where there is room, else short ones, else the sign. */
Item {
    id: row

    required property TouchBridge bridge
    property real room: width
    property real keyHeight: Theme.mm(16)
    property bool fill: false
    readonly property var keys: bridge.home.quiet
    readonly property real gap: Theme.mm(4)
    readonly property real share: (room - gap * Math.max(0, keys.length - 1)) / Math.max(1, keys.length)
    readonly property bool whole: keys.every(key => wantedBy(key.name) <= share)
    readonly property bool brief: keys.every(key => wantedBy(key.brief) <= share)

    // For the moment in which there is one key less.
    readonly property var nothing: ({
            key: "",
            name: "",
            brief: "",
            spoken: "",
            icon: "",
            chosen: false
        })

    implicitWidth: line.width
    visible: keys.length > 0

    // About as wide as a key with these words is, in pixels.
    function wantedBy(text: string): real {
        return text.length * Theme.caps(Theme.caption) * 0.56 + Theme.mm(21);
    }

    Row {
        id: line

        spacing: row.gap

        Repeater {
            model: row.keys.length

            ActionButton {
                required property int index
                readonly property var key: row.keys[index] ?? row.nothing

                Accessible.name: key.spoken
                bottomPadding: 0
                chosen: key.chosen
                height: row.keyHeight
                iconName: key.icon
                leftPadding: Theme.mm(5)
                onClicked: row.bridge.act(key.key)
                rightPadding: Theme.mm(5)
                size: Theme.caption
                topPadding: 0
                text: row.whole ? key.name : row.brief ? key.brief : ""
                width: row.fill ? Math.floor(row.share) : implicitWidth
            }
        }
    }
}
