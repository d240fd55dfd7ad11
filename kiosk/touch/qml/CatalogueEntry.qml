pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import kiosk.touch
import kiosk.ui

/* The calm way to the procedures and notices from the home screen; its words alone where it is narrow. */
AbstractButton {
    id: box

    required property CatalogueBridge bridge
    readonly property var entry: bridge.entry
    readonly property bool shown: entry.name !== ""
    property bool narrow: false
    readonly property alias wordsHeight: label.implicitHeight
    // The words with what stands around them.
    readonly property real wordsWidth: Math.ceil(label.implicitWidth) + 2 * Theme.mm(7)

    Accessible.name: entry.name
    Accessible.role: Accessible.Button
    focusPolicy: Qt.TabFocus
    onClicked: box.bridge.open()
    visible: shown

    background: Card {
        color: box.down ? Theme.pressed : Theme.card
        radius: Theme.mm(Theme.buttonRadius)

        Rectangle {
            anchors.fill: parent
            border.color: Theme.navy
            border.width: box.down || box.visualFocus ? Theme.rimStrong : 0
            color: "transparent"
            radius: Theme.mm(Theme.buttonRadius)
        }
    }

    contentItem: Item {
        Icon {
            id: icon

            color: Theme.navy
            glyph: "book"
            size: Theme.mm(10)
            visible: !box.narrow
            x: (box.width - width - Theme.mm(4) - label.width) / 2
            y: (box.height - height) / 2
        }

        Words {
            id: label

            Accessible.ignored: true
            color: Theme.navy
            size: Theme.body
            text: box.entry.name
            weight: Font.Bold
            width: Math.min(Math.ceil(implicitWidth), box.width - (box.narrow ? 0 : icon.width) - Theme.mm(12))
            x: box.narrow ? (box.width - width) / 2 : icon.x + icon.width + Theme.mm(4)
            y: (box.height - height) / 2
        }
    }
}
