pragma ComponentBehavior: Bound

import QtQuick
import kiosk.ui

/* The answer first: colour, icon and plain words; below it, where there is one, the one key that comes next. */
Item {
    id: panel

    required property string tone
    required property string glyph
    required property string title
    property string means: ""
    property string now: ""
    property string action: ""
    property bool wide: false
    readonly property color tint: tone === "ready" ? Theme.ready : tone === "warn" ? Theme.warning : Theme.navy
    property bool close: false
    readonly property real pad: Theme.mm(close || (wide && Theme.big) ? 7 : wide ? 9 : 13)
    readonly property real keyRoom: key.visible ? key.height + Theme.mm(4) : 0
    // Where not all of it finds room, what to do now goes before what it means.
    readonly property bool brief: wide && heading.implicitHeight + meaning.implicitHeight + doing.implicitHeight + 2 * texts.spacing + 2 * pad + keyRoom > height

    // Without room for its icon a wide panel keeps the words.
    readonly property bool low: wide && icon.size + Theme.mm(5) + texts.height + 2 * pad + (key.visible ? key.height + Theme.mm(4) : 0) > height

    signal chosen

    implicitHeight: texts.height + 2 * pad * 0.95 + (key.visible ? key.height + Theme.mm(9) : 0)

    Rectangle {
        anchors.fill: parent
        color: panel.tint
        radius: Theme.mm(Theme.cardRadius)
    }

    Icon {
        id: icon

        color: Theme.onDark
        glyph: panel.glyph
        size: Theme.mm(panel.wide ? 20 : 24)
        visible: !panel.low
        x: panel.pad
        y: panel.wide ? (key.visible ? panel.pad : Math.max(panel.pad, (panel.height - height - Theme.mm(5) - texts.height) * 0.42)) : texts.y + (Math.min(texts.height, Theme.mm(50)) - height) / 2
    }

    Column {
        id: texts

        spacing: Theme.mm(2)
        width: parent.width - panel.pad - x
        x: panel.wide ? panel.pad : icon.x + icon.width + Theme.mm(9)
        y: panel.low ? (panel.height - height - (key.visible ? key.height + panel.pad : 0)) / 2 : panel.wide ? icon.y + icon.height + Theme.mm(5) : panel.pad * 0.95

        Words {
            id: heading

            Accessible.name: panel.title
            color: Theme.onDark
            lineHeight: 0.95
            size: panel.wide ? (Theme.big ? 6.4 : 8.2) : panel.close ? 8.2 : 9.4
            text: Theme.joined(panel.title)
            weight: Font.Bold
            width: parent.width
        }

        Words {
            id: meaning

            Accessible.name: panel.means
            color: Theme.onDarkQuiet
            size: Theme.body
            text: Theme.joined(panel.means)
            visible: text !== "" && !panel.brief
            width: parent.width
        }

        Words {
            id: doing

            Accessible.name: panel.now
            color: Theme.onDark
            size: Theme.body
            text: Theme.joined(panel.now)
            visible: text !== ""
            weight: Font.DemiBold
            width: parent.width
        }
    }

    ActionButton {
        id: key

        anchors.bottom: parent.bottom
        anchors.bottomMargin: panel.pad
        height: Theme.mm(Theme.big ? 30 : panel.wide ? 24 : 29)
        kind: ActionButton.Light
        lightInk: panel.tint
        onClicked: panel.chosen()
        size: panel.wide ? 6.4 : Theme.title
        text: panel.action
        visible: text !== ""
        width: parent.width - 2 * panel.pad
        x: panel.pad
    }
}
