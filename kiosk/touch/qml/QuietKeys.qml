pragma ComponentBehavior: Bound

import QtQuick
import kiosk.touch
import kiosk.ui

/* What a few people need before they take a number: whole words where there is room, else short ones, and without a
 * sign before those that would not stand there with it. */
Item {
    id: row

    required property TouchBridge bridge
    property real room: width
    property real keyHeight: Theme.mm(16)
    property bool fill: false
    readonly property var keys: bridge.home.quiet
    readonly property real gap: Theme.mm(4)
    readonly property real share: (room - gap * Math.max(0, keys.length - 1)) / Math.max(1, keys.length)
    readonly property bool whole: wanted(key => key.name) <= room
    readonly property bool signed: whole || wanted(key => key.brief) <= room

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

    // As wide as keys with their signs and these words are: all the same where they fill the room, else each its own.
    function wanted(words: var): real {
        const wide = keys.map(key => Math.ceil(metrics.advanceWidth(words(key)) * Theme.caps(Theme.caption) / metrics.font.pixelSize) + Theme.caps(Theme.caption) * 1.3 + Theme.mm(14));
        return (fill ? keys.length * Math.max(...wide) : wide.reduce((sum, each) => sum + each, 0)) + gap * Math.max(0, keys.length - 1);
    }

    FontMetrics {
        id: metrics

        font.family: Theme.family
        font.pixelSize: Theme.caps(Theme.caption)
        font.weight: Font.DemiBold
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
                iconName: row.signed ? key.icon : ""
                leftPadding: Theme.mm(5)
                onClicked: row.bridge.act(key.key)
                rightPadding: Theme.mm(5)
                size: Theme.caption
                topPadding: 0
                text: row.whole ? key.name : key.brief
                width: row.fill ? Math.floor(row.share) : implicitWidth
            }
        }
    }
}
