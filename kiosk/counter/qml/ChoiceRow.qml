pragma ComponentBehavior: Bound

import QtQuick
import kiosk.counter
import kiosk.ui

/* One answer of a sheet: a key as wide as the row, or a person with the keys for what can be done. */
Item {
    id: row

    required property CounterBridge bridge
    required property var choice

    height: Theme.mm(choice.who === "" ? 18 : 22)

    Key {
        anchors.fill: parent
        cap: row.choice.cap
        onClicked: row.bridge.choose(row.choice.key)
        text: row.choice.name
        visible: row.choice.who === ""
    }

    Words {
        id: who

        anchors.verticalCenter: parent.verticalCenter
        size: 6
        text: row.choice.who
        visible: text !== ""
        weight: Font.Bold
        wrapMode: Text.NoWrap
    }

    Words {
        anchors.left: who.right
        anchors.leftMargin: Theme.mm(4)
        anchors.right: keys.left
        anchors.rightMargin: Theme.mm(3)
        anchors.verticalCenter: parent.verticalCenter
        color: Theme.muted
        elide: Text.ElideRight
        maximumLineCount: 2
        size: Theme.caption * 0.94
        text: row.choice.text
        visible: text !== ""
    }

    Row {
        id: keys

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
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
