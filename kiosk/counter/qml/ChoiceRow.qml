pragma ComponentBehavior: Bound

import QtQuick
import kiosk.counter
import kiosk.ui

/* One answer of a sheet: a key as wide as the row, or a person with the keys for what can be done. */
Item {
    id: row

    required property CounterBridge bridge
    required property var choice

    height: choice.who === "" ? Math.max(Theme.mm(18), key.implicitHeight) : keys.height + told.height + Theme.mm(1)

    Key {
        id: key

        anchors.fill: parent
        cap: row.choice.cap
        onClicked: row.bridge.choose(row.choice.key)
        text: row.choice.name
        visible: row.choice.who === ""
    }

    Words {
        id: who

        anchors.verticalCenter: keys.verticalCenter
        size: 6
        text: row.choice.who
        visible: text !== ""
        weight: Font.Bold
        wrapMode: Text.NoWrap
    }

    Words {
        id: told

        anchors.bottom: parent.bottom
        color: Theme.muted
        size: Theme.caption * 0.94
        text: row.choice.text
        visible: text !== ""
        width: parent.width
    }

    Row {
        id: keys

        anchors.right: parent.right
        height: Theme.mm(18)
        spacing: Theme.mm(2)
        visible: row.choice.who !== ""

        Key {
            Accessible.name: row.choice.spoken
            onClicked: row.bridge.choose(row.choice.key)
            text: row.choice.name
            visible: row.choice.key !== ""
        }

        Key {
            Accessible.name: row.choice.also_spoken
            onClicked: row.bridge.choose(row.choice.also)
            text: row.choice.also_name
            visible: row.choice.also !== ""
        }
    }
}
